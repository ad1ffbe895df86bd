"""The zygote, seen from outside; ``deputize_guest/zygote.py`` describes what passes between the two.

A guest is killed through the zygote, which holds its pidfd: one message, and nothing to keep for the many
guests that are never killed. Should the zygote not report the end in time it is killed itself, and all of
its guests die with it, by the kernel's hand. So nothing depends on anybody's agreement.
"""

import array
import asyncio
import json
import os
import socket
import struct
import subprocess
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from deputize_sandbox.errors import ZygoteFailed
from deputize_sandbox.jail.profile import JailProfile
from deputize_sandbox.jail.report import LayerReport
from deputize_sandbox.limits import MIB, SandboxLimits
from deputize_sandbox.outcome import Usage
from deputize_sandbox.supervisor.guest_process import Ending, GuestProcess
from deputize_sandbox.supervisor.guest_program import GuestProgram

# The packets after the first; see the other side.
_REQUEST: Final = struct.Struct("<IB")
_LEAN, _PARKED, _TEST, _KILL = 0, 1, 2, 3
_EVENT: Final = struct.Struct("<BIidI")
_REFUSED, _ENDED = 1, 2

_LIMITS: Final = struct.Struct("=6Q")
_PACKET: Final = 64 * 1024
_START_SECONDS: Final = 20.0
_END_SECONDS: Final = 5.0
_COMPLAINT: Final = 2000


class EnclosedLayer(BaseModel):
    """A layer as the zygote reports it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str
    ok: bool
    detail: str


class Enclosed(BaseModel):
    """The zygote's first packet."""

    model_config = ConfigDict(extra="forbid", strict=True)

    event: Literal["ready", "failed"]
    layers: list[EnclosedLayer]
    #: What the zygote takes itself, and its own limits: address space and data in bytes, processor seconds.
    taken: tuple[int, int, int] = Field(strict=False)
    ceilings: tuple[int, int, int] = Field(strict=False)
    #: What has a guest rehearse, as Latin-1.
    rehearsal: str

    def reports(self) -> tuple[LayerReport, ...]:
        """Return what became of each layer."""
        return tuple(LayerReport(name=each.name, ok=each.ok, detail=each.detail) for each in self.layers)


class ZygoteProcess:
    """Forks guests on request. ``start`` it, and ``close`` it."""

    def __init__(self, process: subprocess.Popen[bytes], control: socket.socket, edition: str) -> None:
        self._process = process
        self._control = control
        self._loop = asyncio.get_running_loop()
        self._guests: dict[int, GuestProcess] = {}
        self._number = 0
        self._unsent: deque[tuple[bytes, socket.socket | None]] = deque()
        self._rehearsal = b""
        self._taken = self._ceilings = (0, 0, 0)
        #: What makes the code of scripts in here.
        self.edition = edition
        #: Called once, when the zygote ends without having been closed.
        self.on_death: Callable[[], None] | None = None
        #: What became of the layers that guests inherit.
        self.layers: tuple[LayerReport, ...] = ()
        #: How many guests were asked for.
        self.spawned = 0
        self.alive = True

    @classmethod
    async def start(cls, program: GuestProgram, profile: JailProfile) -> tuple["ZygoteProcess", Enclosed]:
        """Execute a zygote and let it enclose itself. Raises ZygoteFailed if it says nothing."""
        edition = program.edition()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            try:
                process = _execute(program.command(theirs.fileno()), theirs.fileno())
            except BaseException:
                ours.close()
                raise
        ours.setblocking(False)
        zygote = cls(process, ours, edition)
        try:
            ours.send(json.dumps({"jail": profile.plan(), **program.plan()}).encode())
            async with asyncio.timeout(_START_SECONDS):
                packet = await zygote._loop.sock_recv(ours, _PACKET)
            enclosed = Enclosed.model_validate_json(packet) if packet else None
        except (OSError, TimeoutError):
            enclosed = None
        except BaseException:
            await zygote.close()
            raise
        if enclosed is None:
            complaint = await zygote._complaint()
            raise ZygoteFailed(f"the process that forks guests did not start. {complaint}".strip())
        zygote._begin(enclosed)
        return zygote, enclosed

    def _begin(self, enclosed: Enclosed) -> None:
        self._close_stderr()
        self.layers = enclosed.reports()
        self._rehearsal = enclosed.rehearsal.encode("latin-1")
        self._taken, self._ceilings = enclosed.taken, enclosed.ceilings
        self._loop.add_reader(self._control.fileno(), self._readable)

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def guests(self) -> tuple[GuestProcess, ...]:
        """Return the guests that live, or have ended and are not reaped yet."""
        return tuple(self._guests.values())

    @property
    def parks(self) -> bool:
        """Whether there is something that a guest can rehearse."""
        return bool(self._rehearsal)

    def spawn(self) -> GuestProcess:
        """Ask for a guest and return it; it need not exist yet to be written to or killed."""
        return self._spawn(_LEAN, "")

    def park(self) -> GuestProcess:
        """Ask for a guest that rehearses: ready when it says ``parked``."""
        guest = self._spawn(_PARKED, "")
        guest.post(self._rehearsal)
        return guest

    def test(self, task: str) -> GuestProcess:
        """Ask for a guest that tries what *task* of the self-test names."""
        return self._spawn(_TEST, task)

    async def drain(self) -> None:
        """Wait for the guests that live, then close."""
        for guest in self.guests:
            await guest.wait()
        await self.close()

    async def close(self) -> None:
        """Kill the guests and end the zygote; all are reaped when this returns."""
        self.on_death = None
        guests = self.guests
        for guest in guests:
            guest.kill()
        try:
            async with asyncio.timeout(_END_SECONDS):
                for guest in guests:
                    await guest.wait()
        except TimeoutError:
            # What the zygote does not do in time the kernel does, when the zygote is gone.
            self._process.kill()
        if self._control.fileno() >= 0:
            self._loop.remove_reader(self._control.fileno())
            self._loop.remove_writer(self._control.fileno())
            self._control.close()
        self._close_stderr()
        await self._reap()
        self._abandon()

    def _spawn(self, mode: int, task: str) -> GuestProcess:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        ours.setblocking(False)
        self._number = number = (self._number + 1) & 0xFFFFFFFF
        self.spawned += 1
        guest = GuestProcess(ours, self._loop, kill=partial(self._kill, number), limit=self._limit)
        if not self.alive:
            theirs.close()
            guest.ended(Ending(status=None, usage=Usage()))
            return guest
        self._guests[number] = guest
        self._request(_REQUEST.pack(number, mode) + task.encode(), theirs)
        return guest

    def _limit(self, limits: SandboxLimits) -> bytes:
        """Return what a guest reads before its job: soft and hard limit of each kind."""
        memory = limits.memory_mb * MIB
        space, data, seconds = (
            min(ceiling, taken + wanted)
            for ceiling, taken, wanted in zip(
                self._ceilings, self._taken, (memory, memory, int(limits.cpu_seconds)), strict=True
            )
        )
        return _LIMITS.pack(space, space, data, data, seconds, seconds)

    def _kill(self, number: int) -> None:
        if number in self._guests:
            self._request(_REQUEST.pack(number, _KILL), None)
            self._loop.call_later(_END_SECONDS, self._overdue, number)

    def _overdue(self, number: int) -> None:
        """End the zygote that did not end the guest *number*: it is stopped, or stuck."""
        if number in self._guests:
            self._process.kill()

    def _request(self, packet: bytes, theirs: socket.socket | None) -> None:
        self._unsent.append((packet, theirs))
        if len(self._unsent) == 1:
            self._send()

    def _send(self) -> None:
        while self._unsent:
            packet, theirs = self._unsent[0]
            rights = () if theirs is None else (array.array("i", [theirs.fileno()]),)
            try:
                self._control.sendmsg(
                    [packet], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, each) for each in rights]
                )
            except BlockingIOError:
                self._loop.add_writer(self._control.fileno(), self._send_rest)
                return
            except OSError:
                # The zygote is gone, which reading will find.
                pass
            self._unsent.popleft()
            if theirs is not None:
                theirs.close()

    def _send_rest(self) -> None:
        self._loop.remove_writer(self._control.fileno())
        self._send()

    def _readable(self) -> None:
        try:
            packet = self._control.recv(_PACKET)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            packet = b""
        if not packet:
            self._lost()
        elif packet[0] == _REFUSED:
            _, number, *_ = _EVENT.unpack_from(packet)
            why = packet[_EVENT.size :].decode("utf-8", "replace")
            self._guests.pop(number).ended(Ending(status=None, usage=Usage(), refused=why))
        else:
            for _, number, status, cpu_seconds, max_rss_kb in _EVENT.iter_unpack(packet):
                usage = Usage(cpu_seconds=cpu_seconds, max_rss_kb=max_rss_kb)
                self._guests.pop(number).ended(Ending(status=status, usage=usage))

    def _lost(self) -> None:
        """Take it that the zygote ended by itself, or was killed: so are its guests."""
        self._loop.remove_reader(self._control.fileno())
        self._abandon()
        if self.on_death is not None:
            self.on_death()

    def _abandon(self) -> None:
        self.alive = False
        for _, theirs in self._unsent:
            if theirs is not None:
                theirs.close()
        self._unsent.clear()
        guests = [*self._guests.values()]
        self._guests.clear()
        for guest in guests:
            guest.ended(Ending(status=None, usage=Usage()))

    async def _complaint(self) -> str:
        """Return the last line that a zygote wrote which did not start."""
        self._process.kill()
        written = b"" if self._process.stderr is None else self._process.stderr.read()
        await self.close()
        return written.decode("utf-8", "replace")[-_COMPLAINT:].strip().rpartition("\n")[2]

    async def _reap(self) -> None:
        if self._process.poll() is not None:
            return
        pidfd = os.pidfd_open(self._process.pid)
        ended: asyncio.Future[None] = self._loop.create_future()
        try:
            self._loop.add_reader(pidfd, _settle, ended)
            async with asyncio.timeout(_END_SECONDS):
                await ended
        except TimeoutError:
            self._process.kill()
        finally:
            self._loop.remove_reader(pidfd)
            os.close(pidfd)
        self._process.wait()

    def _close_stderr(self) -> None:
        if self._process.stderr is not None:
            self._process.stderr.close()


def _execute(command: list[str], descriptor: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - the command is made of our own paths only
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={"PYTHONHASHSEED": "0"},
        cwd="/",
        pass_fds=(descriptor,),
        # Ctrl-C in a terminal is for the host, which then ends its runs in its own way.
        start_new_session=True,
    )


def _settle(ended: asyncio.Future[None]) -> None:
    if not ended.done():
        ended.set_result(None)
