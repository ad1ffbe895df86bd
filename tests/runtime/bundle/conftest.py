"""A project in a folder, whose runs are recorded and replayed in one runtime."""

import asyncio
from pathlib import Path

import pytest

from deputize import Runtime
from deputize.bundle.difference import compare
from deputize.bundle.reading import parse_bundle
from deputize.bundle.replay import replay
from deputize_sandbox import CompiledScript, Sandbox

PROJECT = """
[users.rob]
roles = ["REST Web Service User"]
[users.dana]
roles = ["Company Supervisor"]
[endpoints.Tickets]
base_url = "https://tickets.example/api"
auth = { type = "basic", user = "svc", password = { secret = "tickets" } }
stand_in = "tickets.toml"
[endpoints.Open]
base_url = "https://open.example/"
stand_in = "tickets.toml"
[endpoints.Real]
base_url = "https://real.invalid/"
auth = { type = "bearer", token = { secret = "real" } }
[secrets.pager]
endpoints = ["Open"]
[plans.p]
constants = { Prefix = "x_", access_token = "constant-that-is-one" }
shared = { lookup = "lookup.py" }
[plans.p.forms.alert]
[plans.p.integrations.it]
auth = "basic"
action = "CREATE_EVENT"
form = "alert"
script = "it.py"
"""
ANSWER = '{ ok = true, password = "answered-password", note = "ü" }'
TICKETS = "\n".join(
    f'[[routes]]\nmethod = "{method}"\npath = "{path}"\njson = {ANSWER}\n'
    for method, path in [
        ("GET", "/api/t"),
        ("PUT", "/api/t/{id}"),
        ("GET", "/n/{id}"),
        ("POST", "/p"),
        ("GET", "/x"),
        ("POST", "/x"),
    ]
)


class Recorder:
    """Runs scripts as users with every endpoint on loopback, and gives their bundles."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "deputize.toml").write_text(PROJECT, encoding="utf-8")
        (folder / "tickets.toml").write_text(TICKETS, encoding="utf-8")
        (folder / "lookup.py").write_text("def prefixed(text):\n    return 'x_' + text\n", encoding="utf-8")

    def record(self, source: str, *, user: str = "rob", payload=None):
        """Return the run of *source* and its bundle, as it is read from its file."""
        (self.folder / "it.py").write_text(source, encoding="utf-8")

        async def go():
            async with Runtime.open(self.folder, stand_ins=True) as runtime:
                run = await runtime.run("it", payload=payload, initiator=user)
                bundle = await runtime.bundle(run.id)
                return run, parse_bundle(bundle.text().encode(), where="test")

        return asyncio.run(go())


@pytest.fixture
def recorder(tmp_path, monkeypatch):
    monkeypatch.setenv("DEPUTIZE_SECRET_TICKETS", "tickets-secret-value")
    monkeypatch.setenv("DEPUTIZE_SECRET_PAGER", "pager-secret-value")
    # That of an endpoint without a stand-in: its real value is known here.
    monkeypatch.setenv("DEPUTIZE_SECRET_REAL", "real-secret-value")
    return Recorder(tmp_path)


@pytest.fixture
def again():
    """``again(bundle, source=None)``: the bundle replayed, and compared with what it has."""

    def again(bundle, source=None):
        async def go():
            async with Sandbox() as sandbox:
                script = await sandbox.compile(
                    source or bundle.script.source,
                    filename=bundle.script.path,
                    shared=bundle.script.libraries,
                )
                assert isinstance(script, CompiledScript), script
                replayed = await replay(bundle, script, sandbox=sandbox)
                return replayed, compare(bundle, replayed)

        return asyncio.run(go())

    return again
