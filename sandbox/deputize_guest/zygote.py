"""The zygote: forks a guest for each request of the host, and tells how it ended.

Theory of operation
-------------------
One process per sandbox, exec'd with an empty environment, so that nothing of the host's memory is in it. It
never holds a secret and never runs a script. It has one thread: what it forks is whole.

Control socket (SOCK_SEQPACKET, host on the other end):

1. host → the plan, JSON. Zygote encloses itself (``confine.enclose``) → ``ready`` or ``failed`` with the
   layers, JSON.
2. host → ``SPAWN`` with a number and a task, and the guest's socket by SCM_RIGHTS.
   Zygote → ``SPAWNED`` with the number, and a pidfd by SCM_RIGHTS, so that the host kills without a race of
   numbers; or ``REFUSED`` with the reason.
3. Guest ends → zygote reaps it → ``ENDED`` with its wait status, CPU seconds and peak memory.

Packets after the first are fixed structures: the zygote handles two for every run, and each page that it
writes to in between is copied once for every guest that lives.

A guest says ``confined`` when its jail stands. It then reads the limits of its run (``LIMITS``), lowers its
own to them, and reads its job. A *parked* guest has run a throw-away script by then, so that the pages which
any script writes to are its own already; a *lean* one is for a job that waits.

Each guest is the first process of its own pid namespace. That takes a raw ``clone``: ``unshare(NEWPID)``
serves one namespace only, whose forks fail once its first process has ended. A raw clone skips what
``os.fork`` does for the interpreter (locks, ``random`` reseeded), so its hooks are called around it.
Guests are watched by pidfd in the same ``epoll`` as the socket: no signal handler, nothing to interrupt.

Three things end a guest whose host is gone: the zygote's poll sees the socket closed, or the host's pidfd
(should somebody have inherited the socket), and kills; the guest's PDEATHSIG fires when the zygote ends;
the guest's own socket is at its end.
"""

import array
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
from typing import Final, Protocol

from deputize_guest import confine, self_test, wire

_PACKET: Final = 64 * 1024
_CLONE: Final = 56
_CLONE_PIDFD: Final = 0x1000
_READABLE: Final = select.EPOLLIN
#: Exit statuses of a guest: its loop came back; the jail failed, or the loop.
_DONE: Final = 0
_FAILED: Final = 70

#: Number and task; the task's name follows.
SPAWN: Final = struct.Struct("<I")
#: Event, number, wait status, CPU seconds, peak memory in KiB; a text follows ``REFUSED``.
EVENT: Final = struct.Struct("<BIidI")
SPAWNED, REFUSED, ENDED = 1, 2, 3
#: Bytes of memory beyond an idle guest, and CPU seconds.
LIMITS: Final = struct.Struct("<QQ")

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
        control = socket.socket(fileno=control_fd)
        host = os.pidfd_open(os.getppid())
        # A guest inherits it; Ctrl-C is the host's business.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        loop.warm_up()
        plan = json.loads(control.recv(_PACKET))
        _forget_the_way_here()
        address_space, data = confine.sizes()
        enclosure = confine.Enclosure()
        try:
            confine.enclose(plan, enclosure)
            confinement = confine.Confinement(plan)
        except confine.LayerFailed:
            control.send(_packet("failed", enclosure))
            return
        os.dup2(0, 1)
        os.dup2(0, 2)
        zygote = Zygote(
            control, host, loop, confinement, clone_flags=plan["clone_flags"], sizes=(address_space, data)
        )
        control.send(_packet("ready", enclosure))
        gc.collect()
        gc.freeze()
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
        self._clone_flags = ctypes.c_long(clone_flags | _CLONE_PIDFD | signal.SIGCHLD)
        self._address_space, self._data = sizes
        self._guests: dict[int, tuple[int, int]] = {}  # pidfd → (the host's number, pid)
        self._poll = select.epoll()

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

    def _answer(self) -> bool:
        body, ancillary, _, _ = self._control.recvmsg(_PACKET, socket.CMSG_SPACE(4), socket.MSG_CMSG_CLOEXEC)
        if not body:
            return False
        (number,) = SPAWN.unpack_from(body)
        (guest_socket,) = array.array("i", ancillary[0][2])
        try:
            pid, pidfd = self._clone(body[SPAWN.size :], guest_socket)
        except OSError as error:
            self._control.send(EVENT.pack(REFUSED, number, 0, 0.0, 0) + str(error).encode())
            return True
        finally:
            os.close(guest_socket)
        self._guests[pidfd] = (number, pid)
        self._poll.register(pidfd, _READABLE)
        socket.send_fds(self._control, [EVENT.pack(SPAWNED, number, 0, 0.0, 0)], [pidfd])
        return True

    def _clone(self, task: bytes, guest_socket: int) -> tuple[int, int]:
        pidfd = ctypes.c_int(-1)
        confine.library.PyOS_BeforeFork()
        try:
            pid = confine.system_call(_CLONE, self._clone_flags, 0, ctypes.byref(pidfd), 0, 0)
        except OSError:
            confine.library.PyOS_AfterFork_Parent()
            raise
        if pid == 0:
            try:
                confine.library.PyOS_AfterFork_Child()
                self._be_guest(task, guest_socket)
            finally:
                os._exit(_FAILED)
        confine.library.PyOS_AfterFork_Parent()
        return pid, pidfd.value

    def _be_guest(self, task: bytes, guest_socket: int) -> None:
        confinement = self._confinement
        try:
            confinement.strip(guest_socket)
            guest_socket = confine.SOCKET
            if task == self_test.EXAMINE:
                self_test.examine_beneath_the_filter(guest_socket, confinement.limit)
            else:
                confinement.limit()
            confinement.filter()
        except confine.LayerFailed as failure:
            frame = {"kind": "unconfined", "layer": failure.layer, "detail": failure.detail}
            os.write(guest_socket, wire.encode(frame))
            return
        if task in (_LEAN, _PARKED):
            self._serve(task)
        else:
            self_test.perform(task, guest_socket)
        os._exit(_DONE)

    def _serve(self, task: bytes) -> None:
        if task == _PARKED:
            getattr(self._loop, "rehearse", lambda: None)()
        os.write(confine.SOCKET, wire.encode({"kind": "confined", "cpu_seconds": time.process_time()}))
        limits = b""
        while len(limits) < LIMITS.size:
            part = os.read(confine.SOCKET, LIMITS.size - len(limits))
            if not part:
                return  # Parked, and not needed.
            limits += part
        memory, cpu_seconds = LIMITS.unpack(limits)
        confine.limit_run(
            cpu_seconds=cpu_seconds, address_space=self._address_space + memory, data=self._data + memory
        )
        self._loop.serve(confine.SOCKET)

    def _reap(self, pidfd: int) -> None:
        number, pid = self._guests.pop(pidfd)
        self._poll.unregister(pidfd)
        os.close(pidfd)
        _, status, usage = os.wait4(pid, 0)
        self._control.send(
            EVENT.pack(ENDED, number, status, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
        )


def _forget_the_way_here() -> None:
    """Leave no path of this machine where a script's values could lead, and nothing left to import."""
    for names in (sys.argv, sys.orig_argv, sys.path, sys.path_hooks):
        names.clear()
    sys.path_importer_cache.clear()
    sys.stdin = sys.stdout = sys.stderr = None


def _packet(event: str, enclosure: confine.Enclosure) -> bytes:
    return json.dumps({"event": event, "layers": enclosure.layers}).encode()
