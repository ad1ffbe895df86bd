"""Guests ahead of need: parked while there is room, forked lean when there is none.

Theory of operation
-------------------
A *parked* guest is jailed, has run a throw-away script and waits for its job; a run that gets one has paid
for none of that. A *lean* guest is forked for a run that waits: it costs less in all and more to wait for.

- A run takes the guest that was parked last, else asks for a lean one.
- Parking is off the critical path: one guest at a time, begun a moment after a run has ended or waits for an
  answer, and only while a processor is left that no guest computes on, besides the one of the host. Under
  load there is none, parking stops by itself, and all guests are lean.
- The number of runs at once is bounded; the rest wait in the order in which they came.

The zygote is replaced when it has forked many guests, by a successor that is proved first, and when it died.
With it die its guests: the runs under way end as crashed, later ones wait for the next zygote.
"""

import asyncio
import os
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from deputize_sandbox.errors import JailUnavailable, ProtocolViolation, SandboxClosed, ZygoteFailed
from deputize_sandbox.jail.build import Jail, build
from deputize_sandbox.jail.profile import JailProfile
from deputize_sandbox.jail.report import JailReport
from deputize_sandbox.supervisor.guest_process import GuestProcess
from deputize_sandbox.supervisor.guest_program import GuestProgram
from deputize_sandbox.supervisor.messages import AnyMessage, ParkedMessage, read
from deputize_sandbox.supervisor.zygote_process import ZygoteProcess

#: A guest that has done its job leaves within a millisecond.
_LINGER_SECONDS: Final = 0.5
#: Answers that take less are not worth to begin something beside them.
_MOMENT: Final = 0.001
_STANDS: Final = (b'{"kind":"parked"', b'{"kind":"unconfined"')


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSize:
    """How many guests there may be."""

    #: Guests that wait for a job.
    parked: int = 2
    #: Runs at once; more wait.
    runs: int = 64
    #: A zygote that has forked so many guests is replaced.
    guests_per_zygote: int = 20_000

    def __post_init__(self) -> None:
        """Raise ValueError for a size that nothing can have."""
        if self.parked < 0 or self.runs < 1 or self.guests_per_zygote < 1:
            raise ValueError(f"{self} has no room: parked is at least 0, the others at least 1")


class Pool:
    """Hands out guests; ``open`` it, and ``close`` it."""

    def __init__(
        self,
        program: GuestProgram,
        candidates: Sequence[JailProfile],
        *,
        allow_contained: bool,
        size: PoolSize,
    ) -> None:
        self._program = program
        self._candidates = candidates
        self._allow_contained = allow_contained
        self._size = size
        #: Guests that may compute while another is parked.
        self._room = max(1, (os.cpu_count() or 1) - 1)
        self._refill_due: asyncio.TimerHandle | None = None
        self._slots = asyncio.Semaphore(size.runs)
        self._loop = asyncio.get_running_loop()
        self._parked: list[GuestProcess] = []
        self._full = asyncio.Event()
        self._parking: GuestProcess | None = None
        self._jail: Jail | None = None
        self._building: asyncio.Task[Jail] | None = None
        self._leaving: deque[tuple[float, GuestProcess]] = deque()
        self._sweeping = False
        self._draining: dict[asyncio.Task[None], ZygoteProcess] = {}
        self._computing = 0
        self._closed = False

    @classmethod
    async def open(
        cls,
        program: GuestProgram,
        candidates: Sequence[JailProfile],
        *,
        allow_contained: bool,
        size: PoolSize,
    ) -> Self:
        """Start a zygote and begin to park. Raises JailUnavailable, ZygoteFailed."""
        pool = cls(program, candidates, allow_contained=allow_contained, size=size)
        pool._adopt(await pool._build())
        pool._refill()
        return pool

    @property
    def report(self) -> JailReport:
        """The jail of the guests that are forked now."""
        return self._report

    @property
    def edition(self) -> str:
        """What makes the code of scripts: interpreter and rules."""
        return self._edition

    @property
    def zygote(self) -> int | None:
        """The number of the zygote's process, if there is one."""
        return None if self._jail is None else self._jail.zygote.pid

    async def take(self) -> GuestProcess:
        """Return a guest for one job; ``finished`` follows when that is done.

        Raises JailUnavailable or ZygoteFailed when there is no zygote and none can be started.
        """
        await self._slots.acquire()
        try:
            guest = self._pop_parked()
            if guest is None:
                guest = (await self._present()).zygote.spawn()
        except BaseException:
            self._slots.release()
            raise
        guest.on_end = self._slots.release
        self._computing += 1
        return guest

    async def available(self) -> bool:
        """Return whether there is a zygote, or one can be started."""
        try:
            await self._present()
        except (JailUnavailable, ZygoteFailed):
            return False
        return True

    async def wait_full(self) -> None:
        """Wait until as many guests are parked as the size says; not at all where none can be."""
        if self._jail is not None and self._jail.zygote.parks:
            await self._full.wait()

    def finished(self, guest: GuestProcess) -> None:
        """Take it that *guest* has done its job; should it not leave by itself, it is killed."""
        self.pause()
        self._loop.call_soon(guest.leave)
        self._leaving.append((self._loop.time() + _LINGER_SECONDS, guest))
        if not self._sweeping:
            self._sweeping = True
            self._loop.call_later(_LINGER_SECONDS, self._sweep)

    def pause(self) -> None:
        """Take it that a guest waits for an answer and computes nothing."""
        self._computing -= 1
        if self._refill_due is None and self._parking is None and not self._is_full():
            self._refill_due = self._loop.call_later(_MOMENT, self._refill)

    def resume(self) -> None:
        """Take it that a guest goes on."""
        self._computing += 1

    async def close(self) -> None:
        """Kill every guest and end every zygote; nothing is left when this returns."""
        self._closed = True
        if self._building is not None:
            self._building.cancel()
            await asyncio.gather(self._building, return_exceptions=True)
        self._discard_parked()
        for zygote in self._draining.values():
            for guest in zygote.guests:
                guest.kill()
        await asyncio.gather(*self._draining, return_exceptions=True)
        if self._jail is not None:
            await self._jail.zygote.close()
            self._jail = None

    def _is_full(self) -> bool:
        if len(self._parked) < self._size.parked:
            self._full.clear()
            return False
        self._full.set()
        return True

    def _pop_parked(self) -> GuestProcess | None:
        while self._parked:
            guest = self._parked.pop()
            self._full.clear()
            guest.interrupt_by(None)
            if not guest.at_end:
                return guest
            guest.leave()
        return None

    async def _present(self) -> Jail:
        """Return the jail, or the one that is being built, or a new one."""
        if self._closed:
            raise SandboxClosed("the sandbox is closed")
        if self._jail is not None:
            self._recycle(self._jail)
            return self._jail
        return await asyncio.shield(self._begin_to_build())

    def _begin_to_build(self) -> "asyncio.Task[Jail]":
        if self._building is None:
            self._building = self._loop.create_task(self._succeed())
        return self._building

    async def _succeed(self) -> Jail:
        """Build a jail and let it take the place of the present one."""
        try:
            jail = await self._build()
        finally:
            self._building = None
        self._adopt(jail)
        self._refill()
        return jail

    async def _build(self) -> Jail:
        return await build(self._program, self._candidates, allow_contained=self._allow_contained)

    def _adopt(self, jail: Jail) -> None:
        predecessor, self._jail = self._jail, jail
        self._report = jail.report
        self._edition = jail.zygote.edition
        jail.zygote.on_death = lambda: self._died(jail)
        if predecessor is not None:
            self._discard_parked()
            self._drain(predecessor)

    def _recycle(self, jail: Jail) -> None:
        if jail.zygote.spawned >= self._size.guests_per_zygote and self._building is None:
            # A failure is none yet: the present zygote goes on, and the next guest tries again.
            self._begin_to_build().add_done_callback(_retrieve)

    def _drain(self, jail: Jail) -> None:
        """Have a zygote go when its last guest has gone."""
        task = self._loop.create_task(jail.zygote.drain())
        self._draining[task] = jail.zygote
        task.add_done_callback(self._draining.pop)

    def _died(self, jail: Jail) -> None:
        if jail is not self._jail:
            # It was to go anyway.
            return
        self._drain(jail)
        self._jail = None
        self._discard_parked()
        if not self._closed:
            self._begin_to_build().add_done_callback(_retrieve)

    def _discard_parked(self) -> None:
        for guest in [*self._parked, *([self._parking] if self._parking else [])]:
            guest.interrupt_by(None)
            guest.discard()
        self._parked.clear()
        self._full.clear()
        self._parking = None

    def _refill(self) -> None:
        """Park one guest, if one is missing and there is room."""
        self._refill_due = None
        if (
            self._closed
            or self._jail is None
            or not self._jail.zygote.parks
            or self._parking is not None
            or self._is_full()
            or self._computing >= self._room
        ):
            return
        self._recycle(self._jail)
        self._parking = guest = self._jail.zygote.park()
        guest.interrupt_by(lambda: self._settle(guest))

    def _sweep(self) -> None:
        """Kill the guests that should have left by now."""
        now = self._loop.time()
        while self._leaving and (self._leaving[0][0] <= now or self._leaving[0][1].ending is not None):
            guest = self._leaving.popleft()[1]
            if guest.ending is None:
                guest.kill()
        self._sweeping = bool(self._leaving)
        if self._sweeping:
            self._loop.call_at(self._leaving[0][0], self._sweep)

    def _settle(self, guest: GuestProcess) -> None:
        """Take what a guest says that rehearses."""
        try:
            while (frame := guest.take()) is not None:
                # No script of a user has run in it yet: what it says is true, and most of it was rehearsed.
                if frame.startswith(_STANDS):
                    self._park(guest, read(frame))
                    return
        except ProtocolViolation:
            self._give_up(guest)
        else:
            if guest.at_end:
                self._give_up(guest)

    def _park(self, guest: GuestProcess, message: AnyMessage) -> None:
        if not isinstance(message, ParkedMessage):
            self._give_up(guest)
            return
        self._parking = None
        guest.cpu_seconds = message.cpu_seconds
        self._parked.append(guest)
        guest.interrupt_by(lambda: self._lose(guest))
        self._refill()

    def _give_up(self, guest: GuestProcess) -> None:
        # The next run that ends tries again; at once would be a loop.
        self._parking = None
        guest.interrupt_by(None)
        guest.discard()

    def _lose(self, guest: GuestProcess) -> None:
        """Let go of a parked guest that has ended, or speaks without having been asked."""
        self._parked.remove(guest)
        self._full.clear()
        guest.interrupt_by(None)
        guest.discard()


def _retrieve(task: "asyncio.Task[Jail]") -> None:
    if not task.cancelled():
        task.exception()
