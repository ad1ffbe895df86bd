"""Takes the pictures of the page that the docs show, of the sample project as it is really served."""

import asyncio
import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from playwright.sync_api import Browser, sync_playwright

from deputize.clock import now
from deputize.credentials.passwords import Passwords
from deputize.deployment import open_deployment
from deputize.settings import Settings
from deputize.use_cases.actor import Actor
from deputize.use_cases.set_password import set_password

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
PASSWORD = "to be shown in pictures"
#: Who looks at the pages, beside those whom the sample project has; and integrations of more kinds.
MORE = """
[users.ada]
first_name = "Ada"
last_name = "Lindqvist"
roles = ["Integration Builder"]
[roles."Integration Builder"]
functions = ["login", "developer", "admin", "issue-keys-for-others"]
[plans.people.integrations.who_is_on_call]
auth = "url"
script = "scripts/list_people.py"
[plans.people.integrations.nightly_report]
auth = "basic"
script = "scripts/list_people.py"
"""


@contextmanager
def served() -> Iterator[httpx.Client]:
    """Serve a copy of the sample project, and yield a client of it."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        shutil.copytree(ROOT / "sample_scripts", project)
        with (project / "deputize.toml").open("a") as file:
            file.write(MORE)
        command = (sys.executable, "-m", "deputize", "serve", "--json", "--port", "0", "--stand-ins")
        server = subprocess.Popen(
            [*command, "--project", project, "--data", project / "data"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            told = json.loads(server.stdout.readline())
            asyncio.run(set_passwords(project / "data"))
            with httpx.Client(base_url=told["url"], trust_env=False, timeout=30) as client:
                yield client
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


async def set_passwords(data: Path) -> None:
    passwords = Passwords()
    async with open_deployment(Settings(), folder=data, clock=now) as deployment:
        for user in ("ada", "dana", "rob", "mmcbride"):
            await set_password(
                deployment.database, Actor.operator(), hasher=passwords, user=user, password=PASSWORD
            )
    await passwords.close()


def set_off(client: httpx.Client) -> None:
    """Set integrations off as several people, some of whom may not do what the scripts try."""
    ada = ("ada", PASSWORD)
    integrations = client.get("/api/v1/integrations", auth=ada).json()["data"]
    paths = {each["name"]: (each["id"], each["trigger_path"]) for each in integrations}
    keys: dict[tuple[str, str], tuple[str, str]] = {}
    for name, user in (
        *(("list_people", "dana"), ("incident_alerts", "rob"), ("sync_contact", "dana")),
        *(("set_people_status", "rob"), ("incident_alerts", "mmcbride"), ("sync_contact", "rob")),
        *(("send_to_splunk", "rob"), ("statusio_create", "dana"), ("find_jira_user", "rob")),
        *(("list_people", "rob"), ("set_people_status", "dana"), ("incident_alerts", "rob")),
    ):
        integration, path = paths[name]
        if (name, user) not in keys:
            made = client.post(f"/api/v1/integrations/{integration}/keys", json={"for": user}, auth=ada)
            keys[name, user] = (made.json()["key"], made.json()["secret"])
        sample = json.loads((ROOT / "sample_scripts" / "samples" / f"{name}.json").read_text())
        client.post(path, json=sample, auth=keys[name, user])
        time.sleep(0.4)
    while client.get("/api/v1/runs", params={"state": "RUNNING"}, auth=ada).json()["data"]:
        time.sleep(0.2)


def take(browser: Browser, client: httpx.Client, folder: Path) -> None:
    """Take every picture, in the light and in the dark."""
    ada = ("ada", PASSWORD)
    runs = client.get("/api/v1/runs", auth=ada).json()["data"]
    refused = next(each for each in runs if each["name"] == "set_people_status" and each["usage"]["refusals"])
    integrations = client.get("/api/v1/integrations", auth=ada).json()["data"]
    chosen = next(each for each in integrations if each["name"] == "list_people")
    pages = {
        "activity": ("/", "#live-state:has-text('Live')"),
        "run": (f"/runs/{refused['id']}", "#entry-3"),
        "integrations": ("/integrations", ".plan"),
        "integration": (f"/integrations/{chosen['id']}", "#method"),
    }
    for scheme in ("light", "dark"):
        context = browser.new_context(
            base_url=str(client.base_url), color_scheme=scheme, viewport={"width": 1280, "height": 960}
        )
        page = context.new_page()
        page.goto("/sign-in")
        page.fill("#username", "ada")
        page.fill("#password", PASSWORD)
        page.click("button.deed")
        page.wait_for_selector("h1:has-text('Activity')")
        for name, (path, there) in pages.items():
            page.goto(path)
            page.wait_for_selector(there)
            page.screenshot(path=folder / f"{name}-{scheme}.png")
        context.close()


def main(folder: Path) -> None:
    """Take the pictures into *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    with served() as client, sync_playwright() as playwright:
        set_off(client)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        take(browser, client, folder)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES)
