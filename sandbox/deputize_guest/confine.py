"""Carries out the plan of the jail: the layers that all guests inherit, then those of each guest.

Theory of operation: the host computes the plan (``deputize_sandbox/jail/profile.py``) and this module only
does what it says, with the standard library and ctypes. ``enclose`` runs once, in the zygote, after its
imports: what a guest may inherit is paid once. ``Confinement`` is made there, and applied in each guest.
The order is load-bearing:

- the uid is given up after the imports (the interpreter may lie in a home of mode 0700) and before the
  namespaces, so that these are owned by nobody; as that clears the dumpable flag, and with it the right to
  write ``uid_map``, the flag is set again in between;
- namespaces are compared by their links in ``/proc``, so the mount namespace, which loses it, is the last;
- the parent-death signal follows every change of identity, which clears it;
- RLIMIT_NOFILE = 0 follows everything that needs a descriptor; the filter is last.

A layer that fails raises ``LayerFailed``; nobody goes on without it.
"""

import base64
import ctypes
import os
import select
import struct
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

#: The number of the guest's one descriptor.
SOCKET: Final = 3
# The kernel's numbers of limits: the module ``resource`` would be one more library in every guest.
RLIMIT_CPU: Final = 0
RLIMIT_DATA: Final = 2
RLIMIT_AS: Final = 9

# Numbers of x86-64, the only machine whose plan exists.
_READ: Final = 0
_POLL: Final = 7
_CAPSET: Final = 126
_PIVOT_ROOT: Final = 155
_PRCTL: Final = 157
_PRLIMIT: Final = 302
_SECCOMP: Final = 317
_CLOSE_RANGE: Final = 436
_LANDLOCK_CREATE: Final = 444
_LANDLOCK_RESTRICT: Final = 446

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_DUMPABLE: Final = 4
_PR_CAPBSET_DROP: Final = 24
_PR_SET_NO_NEW_PRIVS: Final = 38
_PR_CAP_AMBIENT: Final = 47
_PR_SET_MDWE: Final = 65
_CAP_AMBIENT_CLEAR_ALL: Final = 4
_CAP_SYS_ADMIN: Final = 21
_CAP_VERSION_3: Final = 0x20080522

_MS_RDONLY_NOSUID_NODEV_NOEXEC: Final = 1 | 2 | 4 | 8
_MS_REC_PRIVATE: Final = 0x4000 | 0x40000
_MNT_DETACH: Final = 2
_SIGKILL: Final = 9
_INSTRUCTION: Final = 8
_PAIR: Final = struct.Struct("QQ")
_LAST_DESCRIPTOR: Final = 0xFFFFFFFF

#: Holds the interpreter's lock while it calls: a clone must not let another thread in between.
library: Final = ctypes.PyDLL(None, use_errno=True)
library.syscall.restype = ctypes.c_long
#: A system call; looked up once, here, and not in each guest.
call: Final = library.syscall

Plan = Mapping[str, Any]
Layer = dict[str, str | bool]
#: The layer that a system call of a guest's confinement belongs to, and its number and arguments.
Step = tuple[str, tuple[Any, ...]]


class LayerFailed(Exception):
    """A layer of the jail cannot be built."""

    def __init__(self, layer: str, detail: str) -> None:
        super().__init__(f"{layer}: {detail}")
        self.layer = layer
        self.detail = detail


class Enclosure:
    """Collects what became of each layer; stops at the first that failed."""

    def __init__(self) -> None:
        self.layers: list[Layer] = []

    @contextmanager
    def layer(self, name: str, detail: str) -> Iterator[None]:
        """Record layer *name* as built when the block ends. Raises LayerFailed when the block raises."""
        try:
            yield
        except Exception as error:
            self.layers.append({"name": name, "ok": False, "detail": str(error)})
            raise LayerFailed(name, str(error)) from None
        self.layers.append({"name": name, "ok": True, "detail": detail})


def system_call(number: int, *arguments: Any) -> int:
    """Make a system call; integers are passed as C longs. Raises OSError."""
    converted = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    return _checked(call(ctypes.c_long(number), *converted))


def process_control(option: int, *arguments: int) -> int:
    """Call ``prctl``. Raises OSError."""
    padded = (*arguments, 0, 0, 0, 0)[:4]
    return _checked(library.prctl(ctypes.c_int(option), *(ctypes.c_ulong(each) for each in padded)))


def enclose(plan: Plan, enclosure: Enclosure) -> None:
    """Build the layers that guests inherit. Raises LayerFailed."""
    namespaces: Mapping[str, int] = plan["namespaces"]
    before = {name: _namespace(name) for name in namespaces}
    if plan["identity"] is not None:
        with enclosure.layer("identity", "not root"):
            _become(plan["identity"])
    if namespaces:
        with enclosure.layer("user namespace", "its own, nobody is root in it"):
            _enter_namespace("user", plan, before)
        with enclosure.layer("network namespace", "its own"):
            _enter_namespace("net", plan, before)
        with enclosure.layer("ipc namespace", "its own"):
            _enter_namespace("ipc", plan, before)
        with enclosure.layer("uts namespace", "its own"):
            _enter_namespace("uts", plan, before)
            _checked(library.sethostname(b"guest", ctypes.c_size_t(5)))
        with enclosure.layer("mount namespace", "its own, an empty read-only root"):
            _enter_namespace("mnt", plan, before)
            _empty_the_root()
    with enclosure.layer("environment", "cleared"):
        os.environ.clear()
        library.clearenv()
    with enclosure.layer("capabilities", "none, and none to be had"):
        _shed_capabilities(plan)
    with enclosure.layer("no new privileges", "set"):
        process_control(_PR_SET_NO_NEW_PRIVS, 1)
    with enclosure.layer("resource limits", "set"):
        for which, value in plan["rlimits"]:
            limit(which, value)
    if plan["landlock"] is not None:
        with enclosure.layer("landlock", "no file, no TCP, no signal out"):
            _restrict_by_landlock(base64.b64decode(plan["landlock"], validate=True))
    enclosure.layers.append(_deny_write_execute())
    process_control(_PR_SET_DUMPABLE, 0)


class Confinement:
    """The layers of each guest, as system calls that are made ready in the zygote.

    A guest only goes through the list: whatever it looked up, converted or allocated for that would cost it
    a page of its own each time.
    """

    def __init__(self, plan: Plan) -> None:
        zygote = _buffer(struct.pack("ihh", os.pidfd_open(os.getpid()), select.POLLIN, 0))
        #: Keep one descriptor and no capability; die with the zygote.
        self.strip: list[Step] = [
            ("parent-death signal", _converted(_PRCTL, _PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)),
            # A zygote that ended before the line above will send no signal; its pidfd is readable then.
            ("parent-death signal", _converted(_POLL, zygote, 1, 0)),
            # 0 to 2 are closed and not /dev/null: a guest has nothing to read or to write but its socket.
            ("descriptors", _converted(_CLOSE_RANGE, 0, SOCKET - 1, 0)),
            ("descriptors", _converted(_CLOSE_RANGE, SOCKET + 1, _LAST_DESCRIPTOR, 0)),
        ]
        if plan["clone_flags"]:
            self.strip.append(("capabilities", _converted(_CAPSET, *map(_buffer, _capabilities(0)))))
        #: The limits that no run may raise.
        self.limit: list[Step] = [
            ("resource limits", _converted(_PRLIMIT, 0, which, _pair(value), 0))
            for which, value in plan["guest_rlimits"]
        ]
        #: The seccomp filter: the last step, after which nothing else can be built or undone.
        self.filter: list[Step] = []
        if plan["seccomp"] is not None:
            self._program = _buffer(base64.b64decode(plan["seccomp"], validate=True))
            length = len(self._program) // _INSTRUCTION
            header = struct.pack("HxxxxxxQ", length, ctypes.addressof(self._program))
            self.filter.append(("seccomp", _converted(_SECCOMP, 1, 0, _buffer(header))))


class RunLimits:
    """The limits of one run: three pairs, soft and hard alike, which the host sends before its job.

    They are read to where the system calls look for them, and nothing is reckoned here: a guest would pay for
    it with pages of its own.
    """

    _KINDS: Final = (RLIMIT_AS, RLIMIT_DATA, RLIMIT_CPU)
    _BYTES: Final = len(_KINDS) * _PAIR.size
    #: What limits nothing.
    NONE: Final = b"\xff" * _BYTES

    def __init__(self) -> None:
        # Needs /proc: made before the jail is.
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 - pathlib is not loaded in the guest
            pages = [int(field) for field in file.read().split()]
        page = os.sysconf("SC_PAGE_SIZE")
        #: What the zygote takes itself, and what its own limits are: address space, data, processor time.
        self.taken = [pages[0] * page, pages[5] * page, 0]
        self.ceilings = [_ceiling(which) for which in self._KINDS]
        self._received = ctypes.create_string_buffer(self._BYTES)
        self._read = _converted(_READ, SOCKET, self._received, self._BYTES)
        self._steps: list[Step] = [
            (
                "resource limits",
                (
                    *_converted(_PRLIMIT, 0, which),
                    ctypes.byref(self._received, place * _PAIR.size),
                    ctypes.c_long(0),
                ),
            )
            for place, which in enumerate(self._KINDS)
        ]

    def receive(self) -> bool:
        """Read the limits and lower one's own to them; False when no run follows. Raises LayerFailed."""
        if call(*self._read) != self._BYTES:
            return False
        apply(self._steps)
        return True


def apply(steps: Iterable[Step]) -> None:
    """Make the system calls of *steps*. Raises LayerFailed at the first that does not return 0."""
    for layer, arguments in steps:
        if call(*arguments):
            number = ctypes.get_errno()
            raise LayerFailed(layer, os.strerror(number) if number else "the zygote is gone")


def limit(which: int, value: int) -> None:
    """Set a resource limit to *value*, or leave it lower than that."""
    system_call(_PRLIMIT, 0, which, ctypes.byref(_pair(min(value, _ceiling(which)))), 0)


def _ceiling(which: int) -> int:
    """Return how high a limit may be set."""
    pair = _pair(0)
    system_call(_PRLIMIT, 0, which, 0, ctypes.byref(pair))
    return int(_PAIR.unpack(pair)[1])


def _converted(number: int, *arguments: Any) -> tuple[Any, ...]:
    """Return what ``call`` takes: integers as C longs, buffers by reference, which keeps them alive."""
    return (
        ctypes.c_long(number),
        *(ctypes.c_long(each) if isinstance(each, int) else ctypes.byref(each) for each in arguments),
    )


def _buffer(value: bytes) -> Any:
    return ctypes.create_string_buffer(value, len(value))


def _pair(value: int) -> Any:
    return _buffer(_PAIR.pack(value, value))


def _become(identity: int) -> None:
    if os.getuid() == 0 or os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(identity, identity, identity)
        os.setresuid(identity, identity, identity)
    if 0 in os.getresuid():
        raise OSError("root cannot be given up")
    process_control(_PR_SET_DUMPABLE, 1)


def _enter_namespace(name: str, plan: Plan, before: Mapping[str, str]) -> None:
    uid, gid = os.getuid(), os.getgid()
    _checked(library.unshare(ctypes.c_int(plan["namespaces"][name])))
    if name == "user":
        _write("/proc/self/setgroups", b"deny")
        _write("/proc/self/uid_map", b"%d %d 1" % (plan["identity"], uid))
        _write("/proc/self/gid_map", b"%d %d 1" % (plan["identity"], gid))
    if _namespace(name) == before[name]:
        raise OSError(f"unshare succeeded and changed nothing ({before[name]})")


def _namespace(name: str) -> str:
    return os.readlink(f"/proc/self/ns/{name}")  # noqa: PTH115 - pathlib is not loaded in the guest


def _empty_the_root() -> None:
    # /proc is a folder that must exist: uid_map was written in it. Twice ".": the old root is stacked on
    # the new one, so that no folder for it is needed, and is then taken away.
    _checked(library.mount(None, b"/", None, ctypes.c_ulong(_MS_REC_PRIVATE), None))
    flags = ctypes.c_ulong(_MS_RDONLY_NOSUID_NODEV_NOEXEC)
    _checked(library.mount(b"none", b"/proc", b"tmpfs", flags, b"size=4k,nr_inodes=2,mode=555"))
    os.chdir("/proc")
    system_call(_PIVOT_ROOT, ctypes.c_char_p(b"."), ctypes.c_char_p(b"."))
    _checked(library.umount2(b".", ctypes.c_int(_MNT_DETACH)))
    os.chdir("/")
    if os.listdir("/"):  # noqa: PTH208 - pathlib is not loaded in the guest
        raise OSError("the root is not empty")


def _shed_capabilities(plan: Plan) -> None:
    if plan["namespaces"]:
        # Outside a user namespace of one's own this needs a privilege that root has just given up; there,
        # no new privileges means that the bounding set bounds nothing.
        for number in range(plan["last_capability"] + 1):
            process_control(_PR_CAPBSET_DROP, number)
    process_control(_PR_CAP_AMBIENT, _CAP_AMBIENT_CLEAR_ALL)
    # What clone(CLONE_NEWPID) needs stays until the guest gives it up.
    _keep_capabilities(1 << _CAP_SYS_ADMIN if plan["clone_flags"] else 0)


def _keep_capabilities(mask: int) -> None:
    system_call(_CAPSET, *(ctypes.create_string_buffer(each, len(each)) for each in _capabilities(mask)))


def _capabilities(mask: int) -> tuple[bytes, bytes]:
    """Return header and data of ``capset``: effective, permitted, inheritable, the lower 32 of each first."""
    return struct.pack("Ii", _CAP_VERSION_3, 0), struct.pack("6I", mask, mask, 0, 0, 0, 0)


def _restrict_by_landlock(attributes: bytes) -> None:
    ruleset = system_call(_LANDLOCK_CREATE, ctypes.c_char_p(attributes), len(attributes), 0)
    try:
        system_call(_LANDLOCK_RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)


def _deny_write_execute() -> Layer:
    """Set MDWE where the kernel has it (6.3): the filter refuses the same, so it may be absent."""
    try:
        process_control(_PR_SET_MDWE, 1)
    except OSError as error:
        return {"name": "mdwe", "ok": False, "detail": f"{error}; the filter refuses the same"}
    return {"name": "mdwe", "ok": True, "detail": "memory never gains execution"}


def _write(path: str, text: bytes) -> None:
    # In bytes: by now no codec can be imported any more.
    with open(path, "wb", buffering=0) as file:  # noqa: PTH123 - pathlib is not loaded in the guest
        file.write(text)


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
