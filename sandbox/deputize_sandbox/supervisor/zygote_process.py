"""The zygote, seen from outside; ``deputize_guest/zygote.py`` describes what passes between the two."""

import array
import asyncio
import json
import os
import socket
import struct
import subprocess
from collections.abc import Callable
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from deputize_sandbox.errors import ZygoteFailed
from deputize_sandbox.jail.profile import JailProfile
from deputize_sandbox.jail.report import LayerReport
from deputize_sandbox.outcome import Usage
from deputize_sandbox.supervisor.guest_process import Ending, GuestProcess
from deputize_sandbox.supervisor.guest_program import GuestProgram

# The packets after the first; see the other side.
_SPAWN: Final = struct.Struct("<I")
_EVENT: Final = struct.Struct("<BIidI")
_SPAWNED, _REFUSED, _ENDED = 1, 2, 3
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

    def reports(self) -> tuple[LayerReport, ...]:
        """Return what became of each layer."""
        return tuple(LayerReport(name=each.name, ok=each.ok, detail=each.detail) for each in self.layers)


class ZygoteProcess:
    """Forks guests on request. ``start`` it, and ``close`` it."""

    def __init__(self, process: subprocess.Popen[bytes], control: socket.socket) -> None:
        self._process = process
        self._control = control
        self._loop = asyncio.get_running_loop()
        self._guests: dict[int, GuestProcess] = {}
        self._number = 0
        self._unsent: list[tuple[bytes, socket.socket]] = []
        #: Called once, when the zygote ends without having been closed.
        self.on_death: Callable[[], None] | None = None
        #: What became of the layers that guests inherit.
        self.layers: tuple[LayerReport, ...] = ()
        #: What makes the code of scripts in here.
        self.edition = ""
        #: How many guests were asked for.
        self.spawned = 0
        self.alive = True

    @classmethod
    async def start(cls, program: GuestProgram, profile: JailProfile) -> tuple["ZygoteProcess", Enclosed]:
        """Execute a zygote and let it enclose itself. Raises ZygoteFailed if it says nothing."""
        edition = program.edition()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            process = _execute(program.command(theirs.fileno()), theirs.fileno())
        ours.setblocking(False)
        zygote = cls(process, ours)
        zygote.edition = edition
        try:
            ours.send(json.dumps(profile.plan()).encode())
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
        self._loop.add_reader(self._control.fileno(), self._readable)

    @property
    def guests(self) -> int:
        """How many guests live, or have ended and are not reaped yet."""
        return len(self._guests)

    def spawn(self, task: str) -> GuestProcess:
        """Ask for a guest and return it; it need not exist yet to be written to or killed."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        ours.setblocking(False)
        self._number = (self._number + 1) & 0xFFFFFFFF
        self.spawned += 1
        guest = GuestProcess(self._number, ours, self._loop)
        if not self.alive:
            theirs.close()
            guest.ended(Ending(status=None, usage=Usage()))
            return guest
        self._guests[self._number] = guest
        self._unsent.append((_SPAWN.pack(self._number) + task.encode(), theirs))
        if len(self._unsent) == 1:
            self._send()
        return guest

    async def drain(self) -> None:
        """Wait for the guests that live, then close; close at once when cancelled."""
        try:
            for guest in [*self._guests.values()]:
                await guest.wait()
        finally:
            await self.close()

    async def close(self) -> None:
        """Kill the guests and end the zygote; all are reaped when this returns."""
        self.on_death = None
        guests = [*self._guests.values()]
        for guest in guests:
            guest.kill()
        try:
            async with asyncio.timeout(_END_SECONDS):
                for guest in guests:
                    await guest.wait()
        except TimeoutError:
            # A zygote that does not tell will not be waited for: it is killed below.
            self._process.kill()
        if self._control.fileno() >= 0:
            self._loop.remove_reader(self._control.fileno())
            self._loop.remove_writer(self._control.fileno())
            self._control.close()
        self._close_stderr()
        await self._reap()
        self._abandon()

    def _send(self) -> None:
        while self._unsent:
            packet, theirs = self._unsent[0]
            try:
                self._control.sendmsg(
                    [packet],
                    [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [theirs.fileno()]))],
                )
            except BlockingIOError:
                self._loop.add_writer(self._control.fileno(), self._send)
                return
            except OSError:
                # The zygote is gone, which reading will find.
                pass
            theirs.close()
            self._unsent.pop(0)
        self._loop.remove_writer(self._control.fileno())

    def _readable(self) -> None:
        try:
            packet, ancillary, _, _ = self._control.recvmsg(
                _PACKET, socket.CMSG_SPACE(4), socket.MSG_CMSG_CLOEXEC
            )
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            packet, ancillary = b"", []
        if not packet:
            self._lost()
            return
        event, number, status, cpu_seconds, max_rss_kb = _EVENT.unpack_from(packet)
        if event == _SPAWNED:
            (pidfd,) = array.array("i", ancillary[0][2])
            self._guests[number].spawned(pidfd)
            return
        guest = self._guests.pop(number)
        if event == _REFUSED:
            why = packet[_EVENT.size :].decode("utf-8", "replace")
            guest.ended(Ending(status=None, usage=Usage(), refused=why))
        else:
            usage = Usage(cpu_seconds=cpu_seconds, max_rss_kb=max_rss_kb)
            guest.ended(Ending(status=status, usage=usage))

    def _lost(self) -> None:
        """Take it that the zygote ended by itself, or was killed: so are its guests."""
        self._loop.remove_reader(self._control.fileno())
        self._abandon()
        if self.on_death is not None:
            self.on_death()

    def _abandon(self) -> None:
        self.alive = False
        for _, theirs in self._unsent:
            theirs.close()
        self._unsent.clear()
        for guest in self._guests.values():
            guest.kill()
            guest.ended(Ending(status=None, usage=Usage()))
        self._guests.clear()

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
