"""The zygote: forks a guest for each request of the host, and tells how it ended.

Theory of operation
-------------------
One process per sandbox, exec'd with an empty environment, so that nothing of the host's memory is in it. It
never holds a secret and never runs a script. It has one thread: what it forks is whole.

Control socket (SOCK_SEQPACKET, host on the other end):

1. host → the plan, JSON. Zygote encloses itself (``confine.enclose``) → ``ready`` or ``failed`` with the
   layers, JSON.
2. host → a number and a task, and the guest's socket by SCM_RIGHTS.
   Zygote → ``SPAWNED`` with the number, and a pidfd by SCM_RIGHTS, so that the host kills without a race of
   numbers; or ``REFUSED`` with the reason.
3. Guest ends → zygote reaps it → ``ENDED`` with its wait status, CPU seconds and peak memory.

A *lean* guest reads the limits of its run (``LIMITS``), lowers its own to them, and does its job. A *parked*
one has run a throw-away script before, so that the pages which any script writes to are its own already,
and says ``confined`` before it waits. Where a layer of the jail fails the guest says ``unconfined``, and
reads nothing.

Each guest is the first process of its own pid namespace. That takes a raw ``clone``: ``unshare(NEWPID)``
serves one namespace only, whose forks fail once its first process has ended. What ``os.fork`` does besides
(locks made anew, ``random`` reseeded) is left out: there is no other thread that could hold a lock, and a
job brings its own seed.

What costs is memory, not instructions. Every page that a guest writes to is copied for it, and every page
that the zygote writes to while a guest lives is copied for the zygote. So packets are fixed structures, the
steps of a guest are made ready beforehand, and everything is done once before the first fork.

Three things end a guest whose host is gone: the zygote's poll sees the socket closed, or the host's pidfd
(should somebody have inherited the socket), and kills; the guest's PDEATHSIG fires when the zygote ends;
the guest's own socket is at its end.
"""

import ctypes
import fcntl
import gc
import json
import os
import select
import signal
import socket
import struct
import sys
import time
from typing import Final, NoReturn, Protocol

from deputize_guest import confine, self_test, wire

_PACKET: Final = 64 * 1024
_CLONE: Final = 56
_CLONE_PIDFD: Final = 0x1000
_PRACTICE: Final = 20
_READABLE: Final = select.EPOLLIN
#: Exit statuses of a guest: its loop came back; the jail failed, or the loop.
_DONE: Final = 0
_FAILED: Final = 70

#: A number; the name of the task follows.
SPAWN: Final = struct.Struct("<I")
#: Event, number, wait status, CPU seconds, peak memory in KiB; a text follows ``REFUSED``.
EVENT: Final = struct.Struct("<BIidI")
SPAWNED, REFUSED, ENDED = 1, 2, 3
#: Bytes of memory beyond an idle guest, and CPU seconds.
LIMITS: Final = struct.Struct("<QQ")

_DESCRIPTOR: Final = struct.Struct("i")
_ANCILLARY: Final = socket.CMSG_SPACE(_DESCRIPTOR.size)

_LEAN: Final = b"lean"
_PARKED: Final = b"parked"


class Loop(Protocol):
    """What a guest does inside: the module that is named on the command line."""

    def warm_up(self) -> None:
        """Import and touch, in the zygote, what every guest needs."""

    def rehearse(self) -> None:
        """Run a throw-away script; nothing may be read from or written to the socket."""

    def serve(self, fd: int, /) -> None:
        """Read one job from *fd*, do it, and come back."""


def main(control_fd: int, loop: Loop) -> None:
    """Enclose this process as the host's first packet says, serve until the host is gone, and exit."""
    status = 1
    try:
        # What is received takes the lowest number that is free: from the end of this start on, the guests'.
        control = socket.socket(fileno=fcntl.fcntl(control_fd, fcntl.F_DUPFD, confine.SOCKET + 1))
        os.dup2(0, confine.SOCKET)
        host = os.pidfd_open(os.getppid())
        # A guest inherits it; Ctrl-C is the host's business.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        loop.warm_up()
        plan = json.loads(control.recv(_PACKET))
        _forget_the_way_here()
        sizes = confine.sizes()
        enclosure = confine.Enclosure()
        try:
            confine.enclose(plan, enclosure)
            confinement = confine.Confinement(plan)
        except confine.LayerFailed:
            control.send(_packet("failed", enclosure))
            return
        _practise(loop)
        zygote = Zygote(control, host, loop, confinement, clone_flags=plan["clone_flags"], sizes=sizes)
        sys.stdin = sys.stdout = sys.stderr = None
        os.dup2(0, 1)
        os.dup2(0, 2)
        os.close(confine.SOCKET)
        control.send(_packet("ready", enclosure))
        gc.collect()
        gc.freeze()
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
        *,
        clone_flags: int,
        sizes: tuple[int, int],
    ) -> None:
        self._control = control
        self._host = host
        self._loop = loop
        self._confinement = confinement
        self._address_space, self._data = sizes
        self._guests: dict[int, tuple[int, int]] = {}  # pidfd → (the host's number, pid)
        self._poll = select.epoll()
        self._pidfd = ctypes.c_int(-1)
        self._clone = (
            ctypes.c_long(_CLONE),
            ctypes.c_long(clone_flags | _CLONE_PIDFD | signal.SIGCHLD),
            ctypes.c_long(0),
            ctypes.c_void_p(ctypes.addressof(self._pidfd)),
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
                for descriptor, _ in self._poll.poll():
                    if descriptor == control:
                        if not self._answer():
                            return
                    elif descriptor == self._host:
                        return
                    else:
                        self._reap(descriptor)
        except (BrokenPipeError, ConnectionResetError):
            return
        finally:
            for pidfd in self._guests:
                signal.pidfd_send_signal(pidfd, signal.SIGKILL)
            for _, pid in self._guests.values():
                os.waitpid(pid, 0)

    def _answer(self) -> bool:
        body, _, _, _ = self._control.recvmsg(_PACKET, _ANCILLARY)
        if not body:
            return False
        (number,) = SPAWN.unpack_from(body)
        pid = confine.library.syscall(*self._clone)
        if pid == 0:
            self._be_guest(body[SPAWN.size :])
        os.close(confine.SOCKET)
        if pid < 0:
            why = os.strerror(ctypes.get_errno()).encode()
            self._control.send(EVENT.pack(REFUSED, number, 0, 0.0, 0) + why)
            return True
        pidfd = self._pidfd.value
        self._guests[pidfd] = (number, pid)
        self._poll.register(pidfd, _READABLE)
        self._control.sendmsg(
            [EVENT.pack(SPAWNED, number, 0, 0.0, 0)],
            [(socket.SOL_SOCKET, socket.SCM_RIGHTS, _DESCRIPTOR.pack(pidfd))],
        )
        return True

    def _be_guest(self, task: bytes) -> NoReturn:
        status = _FAILED
        try:
            confine.apply(self._confinement.strip)
            if task == self_test.EXAMINE:
                self_test.examine_beneath_the_filter(self._confinement.limit)
            confine.apply(self._confinement.limit)
            confine.apply(self._confinement.filter)
            if task in (_LEAN, _PARKED):
                self._serve(task)
            else:
                self_test.perform(task)
            status = _DONE
        except confine.LayerFailed as failure:
            frame = {"kind": "unconfined", "layer": failure.layer, "detail": failure.detail}
            os.write(confine.SOCKET, wire.encode(frame))
        finally:
            os._exit(status)

    def _serve(self, task: bytes) -> None:
        if task == _PARKED:
            os.write(confine.SOCKET, wire.encode({"kind": "confined", "cpu_seconds": time.process_time()}))
        limits = os.read(confine.SOCKET, LIMITS.size)
        if not limits:
            # Parked, and not needed.
            return
        memory, cpu_seconds = LIMITS.unpack(limits)
        confine.limit_run(
            cpu_seconds=cpu_seconds, address_space=self._address_space + memory, data=self._data + memory
        )
        gc.enable()
        self._loop.serve(confine.SOCKET)

    def _reap(self, pidfd: int) -> None:
        number, pid = self._guests.pop(pidfd)
        self._poll.unregister(pidfd)
        os.close(pidfd)
        _, status, usage = os.wait4(pid, 0)
        self._control.send(
            EVENT.pack(ENDED, number, status, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
        )


def _practise(loop: Loop) -> None:
    """Let the interpreter specialise what every guest executes, and fill its caches: they are inherited."""
    for _ in range(_PRACTICE):
        confine.apply([])


def _forget_the_way_here() -> None:
    """Leave no path of this machine where a script's values could lead, and nothing left to import."""
    for names in (sys.argv, sys.orig_argv, sys.path, sys.path_hooks):
        names.clear()
    sys.path_importer_cache.clear()


def _packet(event: str, enclosure: confine.Enclosure) -> bytes:
    return json.dumps({"event": event, "layers": enclosure.layers}).encode()
