"""The zygote: forks a guest for each request of the host, and tells how it ended.

Theory of operation
-------------------
One process per sandbox, exec'd with an empty environment, so that nothing of the host's memory is in it. It
never holds a secret and never runs a script of a user. It has one thread: what it forks is whole.

Control socket (SOCK_SEQPACKET, host on the other end):

1. host → the plan of the jail, modules and a rehearsal, JSON. Zygote imports the modules, practises the
   rehearsal and encloses itself (``confine.enclose``) → ``ready`` or ``failed`` with the layers, and what
   has a guest rehearse, JSON.
2. host → a number and a mode, and the guest's socket by SCM_RIGHTS. The zygote forks; only where it cannot
   it answers: ``REFUSED`` with the reason. Mode ``KILL`` ends the guest of that number instead.
3. Guest ends → zygote reaps it → ``ENDED`` with its wait status, CPU seconds and peak memory. What happens
   at the same time is told in one packet.

A guest reads the limits of its run, lowers its own to them, and does its job. One that is to be *parked* does
the rehearsal first, which the host sends like a job, and says ``parked``: the pages that any script writes to
are its own by then. Where a layer of the jail fails the guest says ``unconfined``, and reads nothing.

Each guest is the first process of its own pid namespace. That takes a raw ``clone``: ``unshare(NEWPID)``
serves one namespace only, whose forks fail once its first process has ended. What ``os.fork`` does besides
(locks made anew, ``random`` reseeded) is left out: there is no other thread that could hold a lock, and a
job brings its own seed.

What costs is memory, not instructions. Every page that a guest writes to is copied for it, and every page
that the zygote writes to while a guest lives is copied for the zygote. So packets are fixed structures, the
steps of a guest are made ready beforehand, and everything is done some times before the first fork, so that
the interpreter has specialised what it executes and filled its caches.

Three things end a guest whose host is gone: the zygote's poll sees the socket closed, or the host's pidfd
(should somebody have inherited the socket), and kills; the guest's PDEATHSIG fires when the zygote ends;
the guest's own socket is at its end.
"""

import ctypes
import gc
import json
import os
import select
import signal
import socket
import struct
import sys
import time
from collections.abc import Iterable, Mapping
from typing import Any, Final, NoReturn, Protocol

from deputize_guest import confine, large_pages, memory_gaps, self_test, wire

#: Any number that is not the guests'.
_CONTROL: Final = 10
_PACKET: Final = 64 * 1024
_CLONE: Final = 56
_EXIT_GROUP: Final = ctypes.c_long(231)
_WAIT4: Final = 61
#: The beginning of ``struct rusage``: user time, system time, peak memory; and its whole length.
_USAGE: Final = struct.Struct("5q")
_USAGE_BYTES: Final = 144
_MICROSECONDS: Final = 1_000_000
_CLONE_PIDFD: Final = 0x1000
_READABLE: Final = select.EPOLLIN
#: What ``ps`` shows.
_TITLE: Final = b"deputize-zygote"
#: Places in ``/proc/self/stat``, counted from behind the name.
_ARGUMENTS_BEGIN: Final = 45
_ENVIRONMENT_ENDS: Final = 48
#: Enough for CPython to specialise a function that is called once in each.
_REPETITIONS: Final = 16
#: Exit statuses of a guest: its loop came back; the jail failed, or the loop.
_DONE: Final = 0
_FAILED: Final = 70

#: A number and a mode; the name of the task of a ``TEST`` follows.
REQUEST: Final = struct.Struct("<IB")
LEAN, PARKED, TEST, KILL = 0, 1, 2, 3
#: Event, number, wait status, CPU seconds, peak memory in KiB; a text follows ``REFUSED``.
EVENT: Final = struct.Struct("<BIidI")
REFUSED, ENDED = 1, 2
_LEFT_BEHIND: Final[list[object]] = []
_ANCILLARY: Final = socket.CMSG_SPACE(4)


class Loop(Protocol):
    """What a guest does inside: the module that is named on the command line."""

    def warm_up(self, added: Mapping[str, Iterable[str]], /) -> None:
        """Import and touch, in the zygote, what every guest needs; *added* are modules of the application."""

    def serve(self, fd: int, /) -> None:
        """Read one job from *fd*, do it, and come back; again for the next."""


def main(control_fd: int, loop: Loop) -> None:
    """Enclose this process as the host's first packet says, serve until the host is gone, and exit."""
    status = 1
    try:
        # What is received takes the lowest number that is free: from the end of this start on, the guests'.
        control = socket.socket(fileno=os.dup2(control_fd, _CONTROL))
        if control_fd != _CONTROL:
            os.close(control_fd)
        os.dup2(0, confine.SOCKET)
        host = os.pidfd_open(os.getppid())
        # A guest inherits it; Ctrl-C is the host's business.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        plan = json.loads(control.recv(_PACKET))
        loop.warm_up(plan["modules"])
        _forget_the_way_here()
        limits = confine.RunLimits()
        rehearsal = _practise(loop, limits, plan["rehearsal"])
        gc.collect()
        memory_gaps.fill_gaps()
        gc.freeze()
        large_pages.collapse()
        enclosure = confine.Enclosure()
        try:
            confine.enclose(plan["jail"], enclosure)
        except confine.LayerFailed:
            control.send(_packet("failed", enclosure, limits, b""))
            return
        confinement = confine.Confinement(plan["jail"])
        zygote = Zygote(control, host, loop, confinement, limits, clone_flags=plan["jail"]["clone_flags"])
        control.send(_packet("ready", enclosure, limits, rehearsal))
        sys.stdin = sys.stdout = sys.stderr = None
        os.dup2(0, 1)
        os.dup2(0, 2)
        os.close(confine.SOCKET)
        # There are no cycles here; a guest has its collector back for its job.
        gc.disable()
        zygote.serve()
        status = 0
    finally:
        if status and sys.exc_info()[0]:
            sys.excepthook(*sys.exc_info())
        os._exit(status)


class Zygote:
    """Serves the control socket; see the top of this file."""

    def __init__(
        self,
        control: socket.socket,
        host: int,
        loop: Loop,
        confinement: confine.Confinement,
        limits: confine.RunLimits,
        *,
        clone_flags: int,
    ) -> None:
        self._control = control
        self._host = host
        self._loop = loop
        self._confinement = confinement
        self._limits = limits
        self._guests: dict[int, tuple[int, int]] = {}  # pidfd → (the host's number, pid)
        self._poll = select.epoll()
        self._pidfd = ctypes.c_int(-1)
        self._status = ctypes.c_int(0)
        self._usage = ctypes.create_string_buffer(_USAGE_BYTES)
        self._wait = ctypes.c_long(_WAIT4)
        self._waited = (ctypes.byref(self._status), ctypes.c_long(0), ctypes.byref(self._usage))
        self._clone = (
            ctypes.c_long(_CLONE),
            ctypes.c_long(clone_flags | _CLONE_PIDFD | signal.SIGCHLD),
            ctypes.c_long(0),
            ctypes.byref(self._pidfd),
            ctypes.c_long(0),
            ctypes.c_long(0),
        )

    def serve(self) -> None:
        """Answer requests and reap guests until the host is gone; then kill what is left."""
        control = self._control.fileno()
        self._poll.register(control, _READABLE)
        self._poll.register(self._host, _READABLE)
        try:
            while True:
                ended = b""
                for descriptor, _ in self._poll.poll():
                    if descriptor == control:
                        if not self._answer():
                            return
                    elif descriptor == self._host:
                        return
                    else:
                        ended += self._reap(descriptor)
                if ended:
                    self._control.send(ended)
        except (BrokenPipeError, ConnectionResetError):
            return
        finally:
            for pidfd in self._guests:
                signal.pidfd_send_signal(pidfd, signal.SIGKILL)
            for _, pid in self._guests.values():
                os.waitpid(pid, 0)

    def _answer(self) -> bool:
        packet, _, _, _ = self._control.recvmsg(_PACKET, _ANCILLARY)
        if not packet:
            return False
        number, mode = REQUEST.unpack_from(packet)
        if mode == KILL:
            self._kill(number)
            return True
        pid = confine.call(*self._clone)
        if pid == 0:
            self._be_guest(mode, packet)
        os.close(confine.SOCKET)
        if pid < 0:
            why = os.strerror(ctypes.get_errno()).encode()
            self._control.send(EVENT.pack(REFUSED, number, 0, 0.0, 0) + why)
            return True
        pidfd = self._pidfd.value
        self._guests[pidfd] = (number, pid)
        self._poll.register(pidfd, _READABLE)
        return True

    def _kill(self, number: int) -> None:
        for pidfd, (each, _) in self._guests.items():
            if each == number:
                signal.pidfd_send_signal(pidfd, signal.SIGKILL)

    def _be_guest(self, mode: int, packet: bytes) -> NoReturn:
        status = _FAILED
        try:
            if mode == TEST:
                self_test.perform(packet[REQUEST.size :].decode(), self._confinement)
            else:
                confinement = self._confinement
                confine.apply(confinement.strip)
                confine.apply(confinement.limit)
                confine.apply(confinement.filter)
                if mode == PARKED:
                    _serve(self._loop, self._limits)
                    parked = {"kind": "parked", "cpu_seconds": time.process_time()}
                    os.write(confine.SOCKET, wire.encode(parked))
                _serve(self._loop, self._limits)
            status = _DONE
        except confine.LayerFailed as failure:
            frame = {"kind": "unconfined", "layer": failure.layer, "detail": failure.detail}
            os.write(confine.SOCKET, wire.encode(frame))
        finally:
            # The bare call: the function of the C library is found anew by each who calls it first.
            confine.call(_EXIT_GROUP, ctypes.c_long(status))
            os._exit(status)

    def _reap(self, pidfd: int) -> bytes:
        number, pid = self._guests.pop(pidfd)
        self._poll.unregister(pidfd)
        os.close(pidfd)
        # Not ``os.wait4``: it takes the module ``resource``, one more library in every guest.
        confine.call(self._wait, ctypes.c_long(pid), *self._waited)
        seconds, microseconds, more_seconds, more_microseconds, peak = _USAGE.unpack_from(self._usage)
        spent = seconds + more_seconds + (microseconds + more_microseconds) / _MICROSECONDS
        return EVENT.pack(ENDED, number, self._status.value, spent, peak)


def _serve(loop: Loop, limits: confine.RunLimits) -> None:
    """Do one job in here, as a guest does it."""
    if limits.receive():
        gc.enable()
        loop.serve(confine.SOCKET)


def _practise(loop: Loop, limits: confine.RunLimits, rehearsal: Mapping[str, Any] | None) -> bytes:
    """Compile the script of *rehearsal* and run it some times, here; return what has a guest run it.

    Its calls are answered beforehand: the answers lie in the socket behind the job. Its limits limit nothing.
    """
    if rehearsal is None:
        return b""
    ours, theirs = socket.socketpair()
    os.dup2(theirs.fileno(), confine.SOCKET)
    ours.send(wire.encode(rehearsal["compile"]))
    loop.serve(confine.SOCKET)
    compiled = wire.Connection(ours.fileno()).receive()
    job = limits.NONE + wire.encode({**rehearsal["run"], "code": compiled["code"]})
    job += b"".join(wire.encode(answer) for answer in rehearsal["answers"])
    for turn in range(_REPETITIONS):
        if turn == _REPETITIONS - 1:
            gc.collect()
            gc.freeze()
        ours.send(job)
        _serve(loop, limits)
        ours.recv(_PACKET)
    # What the last repetition has left behind, where the next one would replace it, stays for good: a guest
    # that were rid of it would write to all the pages that it lies in.
    _LEFT_BEHIND.extend(gc.get_objects())
    ours.close()
    theirs.close()
    return job


def _forget_the_way_here() -> None:
    """Leave no path of this machine where a script's values could lead, and nothing left to import.

    The command line and the environment lie on the stack for good, whatever becomes of Python's copies.
    """
    with open("/proc/self/stat", "rb") as file:  # noqa: PTH123 - pathlib is not loaded in the guest
        fields = file.read().rpartition(b")")[2].split()
    begin, end = int(fields[_ARGUMENTS_BEGIN]), int(fields[_ENVIRONMENT_ENDS])
    ctypes.memset(begin, 0, end - begin)
    ctypes.memmove(begin, _TITLE, len(_TITLE))
    for names in (sys.argv, sys.orig_argv, sys.path, sys.path_hooks):
        names.clear()
    sys.path_importer_cache.clear()


def _packet(event: str, enclosure: confine.Enclosure, limits: confine.RunLimits, rehearsal: bytes) -> bytes:
    return json.dumps(
        {
            "event": event,
            "layers": enclosure.layers,
            "taken": limits.taken,
            "ceilings": limits.ceilings,
            "rehearsal": rehearsal.decode("latin-1"),
        }
    ).encode()
