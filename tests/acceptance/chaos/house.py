"""A deployment of real processes on one store, each of which may be killed at any time."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event
from typing import Any, Final

import httpx
from tests.acceptance.chaos.record import PATIENCE, Export, Exported, Step
from tests.acceptance.server.conftest import Running, Served, Working, set_passwords

PROJECT: Final = """
[users.dana]
roles = ["Company Supervisor"]
[endpoints.Orders]
base_url = "{upstream}"
networks = ["127.0.0.0/8"]
[endpoints.Keyed]
base_url = "{upstream}"
networks = ["127.0.0.0/8"]
idempotency = "key"
[plans.shop]
access = "all"
[plans.shop.integrations.order]
auth = "api-key"
script = "order.py"
[plans.bulk]
access = "all"
[plans.bulk.integrations.pause]
auth = "api-key"
script = "pause.py"
[limits]
wall_seconds = 3600
call_seconds = 3600
"""
#: Calls of each kind, one after another and at the same time.
SCRIPT: Final = '''"""Carry an order out, and tell the receipts of all its calls."""

from deputize.script import HttpError

def main(payload, http, log):
    told = {}

    def asked(method, step):
        return http.build_request(method, f"orders/{payload['order']}/{step}", endpoint=endpoint(step), json=body(method))

    def endpoint(step):
        return "Keyed" if step.endswith("keyed") else "Orders"

    def body(method):
        return payload if method == "POST" else None

    def tell(steps):
        requests = [asked("GET" if step.endswith("get") else "POST", step) for step in steps]
        try:
            answers = http.send_all(requests)
        except HttpError as error:
            if error.cause != "answer_lost":
                raise
            return
        for step, answer in zip(steps, answers):
            told[step] = answer.json()["receipt"]

    for steps in (["0/get"], ["1/post"], ["2/keyed"], ["3/post", "4/post", "5/get", "6/keyed"], ["7/post"]):
        tell(steps)
        log.info("told", steps=steps)
    return told
'''
#: What there may be much of.
PAUSE: Final = '''"""Take some time, or none."""

def main(payload, clock):
    if payload["seconds"]:
        clock.sleep(payload["seconds"])
'''
STEPS: Final[Sequence[Step]] = tuple("0/get 1/post 2/keyed 3/post 4/post 5/get 6/keyed 7/post".split())
#: Runs that each process has under way at once.
CONCURRENCY: Final = 4
_ENVIRONMENT: Final = {
    "DEPUTIZE_LOG_LEVEL": "warning",
    "DEPUTIZE_PLAN_CONCURRENCY": "1000",
    # A storm kills more often than any run would bear otherwise.
    "DEPUTIZE_WORKER_DEATHS": "1000",
}
_PAGE: Final = 200


class House:
    """One server and its workers; on SQLite there are none."""

    def __init__(
        self,
        folder: Path,
        *,
        upstream: str,
        store: str | None = None,
        workers: int = 0,
        at_server: int = CONCURRENCY,
        at_worker: int = CONCURRENCY,
        **settings: str,
    ) -> None:
        """Have a server that performs so many runs at once *at_server*, and so many *workers*."""
        (folder / "deputize.toml").write_text(PROJECT.format(upstream=upstream), encoding="utf-8")
        for name, script in (("order", SCRIPT), ("pause", PAUSE)):
            (folder / f"{name}.py").write_text(script, encoding="utf-8")
        self._folder = folder
        self._at_worker = at_worker
        self.store = store
        self._environment = _ENVIRONMENT | settings | ({} if store is None else {"DEPUTIZE_STORE": store})
        self.server = Served(folder, "--concurrency", str(at_server), environment=self._environment)
        self.workers = [self.new_worker() for _ in range(workers)]
        #: Set while there is somebody who answers.
        self.serving = Event()
        self._keys: dict[str, tuple[str, str]] = {}

    @property
    def processes(self) -> list[Running]:
        """All that perform runs."""
        return [self.server, *self.workers]

    def start(self) -> None:
        """Start all of it, and issue the key that orders are placed with."""
        self.server.start()
        for each in self.workers:
            each.start()
        asyncio.run(set_passwords(self.server.data, "dana", store=self.store))
        self.issue("order")
        self.serving.set()

    def issue(self, integration: str) -> None:
        """Issue the key that requests to an integration are made with."""
        key = self.server.key(integration, "dana")
        self._keys[integration] = key["key"], key["secret"]

    def stop(self) -> None:
        """Kill what is left of it."""
        for each in self.processes:
            each.stop(kill=True)

    def kill_server(self) -> None:
        """Kill the server, and start another in its place."""
        self.serving.clear()
        self.server.stop(kill=True)
        self.server.start()
        self.serving.set()

    def kill_worker(self, which: int) -> None:
        """Kill a worker, and start another in its place."""
        self.workers[which].stop(kill=True)
        self.workers[which] = self.new_worker()
        self.workers[which].start()

    def request(self, integration: str, payload: Mapping[str, Any]) -> httpx.Response:
        """Send a request to an inbound integration, and return the answer."""
        with self.server.client(auth=self._keys[integration]) as client:
            return client.post(self.server.path(integration), json=dict(payload))

    def export(self) -> Export:
        """Return all runs, as the API shows them."""
        with self.server.as_("dana") as client:

            def pages(path: str) -> Iterator[Any]:
                url: str | None = f"{path}?limit={_PAGE}"
                while url is not None:
                    answer = client.get(url)
                    assert answer.status_code == 200, answer.text
                    yield from answer.json()["data"]
                    url = answer.links.get("next", {}).get("url")

            runs = [client.get(f"/api/v1/runs/{each['id']}").json() for each in pages("/api/v1/runs")]
            return {
                run["id"]: Exported(
                    id=run["id"],
                    state=run["state"],
                    result=run.get("result"),
                    activity=list(pages(f"/api/v1/runs/{run['id']}/activity")),
                )
                for run in runs
            }

    def under_way(self) -> list[str]:
        """Return the runs that have not ended."""
        with self.server.as_("dana") as client:
            return [
                each["id"]
                for state in ("QUEUED", "RUNNING")
                for each in client.get("/api/v1/runs", params={"state": state}).json()["data"]
            ]

    def resume(self, run_id: str, calls: Mapping[str, str]) -> None:
        """Have a run that is INTERRUPTED be gone on with, as an operator who knows of its *calls*."""
        with self.server.as_("dana") as client:
            answer = client.post(f"/api/v1/runs/{run_id}/resumption", json={"calls": calls})
            assert answer.status_code == 202, answer.text

    def until_quiet(self) -> None:
        """Return when every run has ended. Raises ``TimeoutError`` when they do not."""
        until(lambda: not self.under_way())

    def new_worker(self) -> Working:
        """Return a worker that has not been started."""
        return Working(self._folder, "--concurrency", str(self._at_worker), environment=self._environment)


def zygote_of(process: Running) -> int | None:
    """Return the zygote of a process; None at a moment when it has none."""
    return next(iter(_children(process.process_id)), None)


def guests_of(process: Running) -> list[int]:
    """Return the guests of a process, parked ones too."""
    zygote = zygote_of(process)
    return [] if zygote is None else _children(zygote)


def until(look: Callable[[], bool]) -> None:
    """Return when *look* finds what is waited for. Raises ``TimeoutError`` when it does not."""
    deadline = time.monotonic() + PATIENCE
    while not look():
        if time.monotonic() > deadline:
            raise TimeoutError(f"it did not happen within {PATIENCE} s")
        time.sleep(0.05)


def end(process_id: int) -> None:
    """Kill a process that may have ended."""
    with suppress(ProcessLookupError):
        os.kill(process_id, signal.SIGKILL)


def _children(process_id: int) -> list[int]:
    found = []
    for each in Path(f"/proc/{process_id}/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):
            found += [int(child) for child in each.read_text().split()]
    return found


@contextmanager
def house(folder: Path, **options: Any) -> Iterator[House]:
    """Have a deployment that is there while the context lasts."""
    built = House(folder, **options)
    try:
        built.start()
        yield built
    finally:
        built.stop()
