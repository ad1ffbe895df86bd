"""A runtime that stays open for all tests of a project, in a thread of its own, and begins anew for each.

Theory of operation: to start sandbox and platform takes longer than a hundred runs, so one runtime serves
every test of the process. Its event loop has a thread of its own: a test calls it and waits, whether the test
is a function or a coroutine of another loop. What a test may change is kept in a database in memory, which is
copied once, before the first test, and put back before each test that finds it used. What scripts call and
what time it is belongs to the test that is going on.
"""

import asyncio
import threading
from collections.abc import Coroutine, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime
from queue import SimpleQueue
from typing import Any, TypeVar

import httpx

from deputize.activity.entries import ActivityEntry, activity_stream
from deputize.activity.stream import Listener
from deputize.bundle.file import Bundle
from deputize.composition import House, Times, open_project
from deputize.domain.decision import Denial, Explanation
from deputize.domain.run import Run
from deputize.domain.stored_run import StoredRun
from deputize.platform.embedded import EmbeddedPlatform
from deputize.platform.embedded.tokens import hashed
from deputize.project import Project
from deputize.runtime import Runtime
from deputize.settings import Settings
from deputize.store import Database, MemoryCopy, Transaction
from deputize.testing.clock import MovableClock
from deputize.testing.files import ScriptFiles
from deputize.testing.in_process import Job, NotSandboxed, TestEnded
from deputize.testing.mocks import EndpointMocks
from deputize.testing.tape import Tape
from deputize.testing.taping import Taping
from deputize_client import Endpoint, Secret

T = TypeVar("T")


class SecretsOfTests(Settings):
    """Settings without any real secret."""

    def secret(self, name: str) -> Secret:
        """Return a secret that says which it is: ``value of splunk``."""
        return Secret(name, f"value of {name}")


class Resident:
    """The open runtime of *project*."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="deputize-tests", daemon=True)
        self._stack = AsyncExitStack()
        self._mocks = EndpointMocks(project)
        self._clock = MovableClock()
        self._used = False
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._thread.start()
        try:
            self._house, self._copy = self.do(self._open())
        except BaseException:
            self._stop()
            raise
        self._runtime = Runtime.within(self._house, project=project)
        unconfined = NotSandboxed(hand=self._hand, locate=ScriptFiles(project).locate, clock=self._now)
        self._unconfined = replace(
            self._house, sandbox=unconfined, engine=replace(self._house.engine, sandbox=unconfined)
        )
        self._taping = Taping(project)

    def begin(self, mocks: EndpointMocks, clock: MovableClock) -> None:
        """Be as new for a test, which has *mocks* and *clock*."""
        self._mocks, self._clock = mocks, clock
        mocks.explain = self._explain
        if self._used:
            self._used = False
            self.do(self._house.database.restore(self._copy))

    def run(
        self,
        script: str,
        *,
        payload: Any,
        initiator: str,
        kind: str | None,
        listener: Listener,
        in_process: bool,
        tape: Tape | None = None,
    ) -> Run:
        """Run *script* as ``Runtime.run`` does, in the sandbox or *in_process*: in this very thread.

        With a *tape* its calls are answered by that.
        """
        self._used = True
        house = self._unconfined if in_process else self._house
        if tape is not None:
            house = self._taping.house_for(tape, house=house, mocks=self._mocks, script=script)
            listener = _both(tape.hear, listener)
        work = Runtime.within(house, project=self.project).run(
            script,
            payload=payload,
            initiator=initiator,
            kind=kind,
            via="test",
            listener=listener,
            like=None if tape is None else tape.bundle,
        )
        try:
            return self.do(work)
        except TestEnded as ended:
            raise ended.origin from None

    def bundle_of(self, run: Run) -> Bundle:
        """Return *run* as a bundle, without any secret: those of tests, and the real ones."""
        return self.do(self._runtime.bundle(run.id))

    def settled(self) -> tuple[StoredRun, ...]:
        """Wait until nothing runs any more, and return what events have set off."""
        return self.do(self._runtime.settled())

    def entries_of(self, run_id: str) -> tuple[ActivityEntry, ...]:
        """Return the entries of a run that events have set off."""

        async def ask(tx: Transaction) -> tuple[ActivityEntry, ...]:
            return activity_stream.validate_python(await tx.entries.of_run(run_id))

        return self.do(self._house.database.read(ask))

    def close(self) -> None:
        """Stop everything that was started."""
        try:
            self.do(self._close())
        finally:
            self._stop()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Have *work* done in the runtime's event loop. This thread waits, and does what it is given to."""
        jobs = self._jobs = SimpleQueue()
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        future.add_done_callback(lambda _: jobs.put(None))
        try:
            while (job := jobs.get()) is not None:
                job()
        except BaseException:
            # Ctrl-C, or a timeout of the test.
            future.cancel()
            raise
        return future.result()

    def _hand(self, job: Job) -> None:
        self._jobs.put(job)

    async def _open(self) -> tuple[House, MemoryCopy]:
        async with AsyncExitStack() as stack:
            house = await open_project(
                stack,
                self.project,
                settings=SecretsOfTests.read(),
                stand_ins=False,
                transport=self._transport,
                modules={},
                times=Times(run=self._now, store=self._stored, sleep=self._sleep),
            )
            copy = await house.database.copy()
            stack.push_async_callback(copy.close)
            self._stack = stack.pop_all()
        return house, copy

    async def _close(self) -> None:
        await self._stack.aclose()

    def _stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _transport(self, endpoint: Endpoint) -> httpx.AsyncBaseTransport | None:
        return self._mocks(endpoint)

    def _now(self) -> datetime:
        return self._clock()

    def _stored(self) -> datetime:
        return self._clock.stored()

    async def _sleep(self, seconds: float) -> None:
        await self._clock.sleep(seconds)

    async def _explain(self, denial: Denial, request: httpx.Request) -> Mapping[str, str]:
        """Have the platform know why *request*, which a route refuses, is refused."""
        platform = self._house.platform
        if not isinstance(platform, EmbeddedPlatform):
            return {}
        return platform.traced(
            Explanation(
                initiator=await _whose(self._house.database, request),
                needs=denial.needs,
                would_pass=denial.would_pass,
                source="platform",
            )
        )


def _both(one: Listener, other: Listener) -> Listener:
    def hear(entry: ActivityEntry) -> None:
        one(entry)
        other(entry)

    return hear


async def _whose(database: Database, request: httpx.Request) -> str:
    """Return the name of whoever the token of *request* is for."""
    token = request.headers.get("authorization", "").removeprefix("Bearer ")

    async def ask(tx: Transaction) -> str:
        kept = await tx.tokens.live(hashed(token), now=tx.now)
        person = None if kept is None else await tx.people.get(kept.person_id)
        return "" if person is None else person.target_name

    return await database.read(ask)
