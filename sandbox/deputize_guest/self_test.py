"""What a guest must not be able to do, tried from inside: one function for each attempt.

The host asks for ``examine`` (attempts that are answered with an error) and for each of ``FATAL`` (attempts
that end the guest). Each layer is tried before the next one is built: one that only looks as if it were
there must not hide behind another.
"""

import ctypes
import errno
import os
import signal
import socket
from collections.abc import Callable
from typing import Final

from deputize_guest import confine, wire

#: The name of the task that is none of ``FATAL``.
EXAMINE: Final = "examine"

_NOBODY: Final = 65534
_PR_GET_NO_NEW_PRIVS: Final = 39
_DOCUMENTATION_ADDRESS: Final = ("192.0.2.1", 9)
_SOME_DESCRIPTORS: Final = 1024
_PAGE: Final = 4096
_READ, _EXECUTE = 1, 4
_SHARED, _PRIVATE, _ANONYMOUS = 1, 2, 0x20
_MUCH_MEMORY: Final = 64 * 1024 * 1024
_MMAP: Final = 9
_MPROTECT: Final = 10
_PTRACE: Final = 101
_IO_URING_SETUP: Final = 425

Attempt = Callable[[], object]
Finding = dict[str, str | bool]


def perform(task: str, confinement: confine.Confinement) -> None:
    """Confine this guest, and do what *task* names."""
    confine.apply(confinement.strip)
    if task == EXAMINE:
        _report(_examine_layers())
    confine.apply(confinement.limit)
    if task == EXAMINE:
        _report(_examine_limits())
    confine.apply(confinement.filter)
    if task == EXAMINE:
        _report(_examine_filter())
    else:
        FATAL[task]()


def _report(findings: list[Finding]) -> None:
    os.write(confine.SOCKET, wire.encode({"kind": "examined", "findings": findings}))


def _examine_layers() -> list[Finding]:
    return [
        _holds("identity", "not root", 0 not in os.getresuid() + os.getresgid()),
        _holds("user namespace", "nobody", os.getuid() == os.getgid() == _NOBODY),
        _holds("pid namespace", "first of its own", os.getpid() == 1 and os.getppid() == 0),
        _holds("uts namespace", "its own name", socket.gethostname() == "guest"),
        _holds("no new privileges", "set", confine.process_control(_PR_GET_NO_NEW_PRIVS) == 1),
        _holds("environment", "empty", not os.environ and os.getenv("PYTHONHASHSEED") is None),
        _holds("descriptors", "one", _open_descriptors() == [confine.SOCKET]),
        _refused("capabilities", "set the name of this machine", _set_host_name, errno.EPERM),
        _refused("mount namespace", "look at /etc", lambda: _look_at("/etc"), errno.ENOENT),
        _refused("mount namespace", "mount", _mount, errno.EPERM),
        _refused("network namespace", "send UDP", _send_datagram, errno.ENETUNREACH),
        _refused("landlock", "open a folder", lambda: os.open("/", os.O_RDONLY), errno.EACCES),
    ]


def _examine_limits() -> list[Finding]:
    return [
        _refused("resource limits", "open a descriptor", _open_socket, errno.EMFILE),
        _refused("resource limits", "fork", _fork, errno.EAGAIN),
    ]


def _examine_filter() -> list[Finding]:
    findings = [_refused("seccomp", name, attempt, errno.EACCES) for name, attempt in _ANSWERED.items()]
    findings.append(_refused("resource limits", "take memory", _take_memory, errno.ENOMEM))
    return findings


def _holds(layer: str, what: str, holds: bool) -> Finding:
    return {"layer": layer, "attempt": what, "held": holds, "detail": "holds" if holds else "does not hold"}


def _refused(layer: str, what: str, attempt: Attempt, *numbers: int) -> Finding:
    try:
        attempt()
    except OSError as error:
        held = not numbers or error.errno in numbers
        return {"layer": layer, "attempt": what, "held": held, "detail": os.strerror(error.errno or 0)}
    return {"layer": layer, "attempt": what, "held": False, "detail": "succeeded"}


def _open_descriptors() -> list[int]:
    found = []
    for number in range(_SOME_DESCRIPTORS):
        try:
            os.fstat(number)
        except OSError:
            continue
        found.append(number)
    return found


def _look_at(path: str) -> None:
    os.stat(path)  # noqa: PTH116 - pathlib is not loaded in the guest


def _set_host_name() -> None:
    socket.sethostname("other")


def _mount() -> None:
    if confine.library.mount(b"none", b"/", b"tmpfs", ctypes.c_ulong(0), None):
        raise OSError(ctypes.get_errno(), "mount")


def _send_datagram() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.sendto(b"x", _DOCUMENTATION_ADDRESS)


def _open_socket() -> None:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _map(size: int, protection: int) -> int:
    return confine.system_call(_MMAP, 0, size, protection, _PRIVATE | _ANONYMOUS, -1, 0)


def _map_executable() -> None:
    _map(_PAGE, _READ | _EXECUTE)


def _make_executable() -> None:
    confine.system_call(_MPROTECT, _map(_PAGE, _READ), _PAGE, _READ | _EXECUTE)


def _map_a_file() -> None:
    confine.system_call(_MMAP, 0, _PAGE, _READ, _SHARED, confine.SOCKET, 0)


def _take_memory() -> None:
    confine.limit(confine.RLIMIT_AS, _PAGE)
    _map(_MUCH_MEMORY, _READ)


def _execute() -> None:
    os.execv("/bin/sh", ["sh"])  # noqa: S606 - an attempt that must fail


#: Attempts that the filter answers with an error.
_ANSWERED: Final[dict[str, Attempt]] = {
    "open a file": lambda: os.open("/etc/passwd", os.O_RDONLY),
    "look at a file": lambda: _look_at("/"),
    "read another descriptor": lambda: os.read(0, 1),
    "write to another descriptor": lambda: os.write(1, b"x"),
    "map executable memory": _map_executable,
    "make memory executable": _make_executable,
    "map a file": _map_a_file,
}

#: Attempts that the filter ends the guest for.
FATAL: Final[dict[str, Attempt]] = {
    "open a socket": _open_socket,
    "fork": _fork,
    "execute a program": _execute,
    "signal a process": lambda: os.kill(1, signal.SIGTERM),
    "trace a process": lambda: confine.system_call(_PTRACE, 16, 1, 0, 0),
    "set up io_uring": lambda: confine.system_call(_IO_URING_SETUP, 1, 0),
}
