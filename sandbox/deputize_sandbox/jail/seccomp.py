"""The system calls that a guest may make; x86-64.

Theory of operation: what a warmed guest needs was traced on CPython 3.11, 3.12 and 3.13, and is nine calls.
Some more are allowed for other C libraries and kernels, each with its arguments narrowed to what an
allocator or a lock uses. Calls that look at files are answered with an error, so that a late import or a
curious script ends as an ordinary exception; whatever else is called ends the guest.

``prlimit64`` is among the allowed because a parked guest learns the limits of its run only with its job.
For oneself only, and without privileges a hard limit can only be lowered: no script gains by it.
"""

import mmap
from typing import Final

from deputize_sandbox.jail.bpf import Check, Having, OneOf, Rule, Without, assemble

_ALLOW: Final = 0x7FFF0000
_ERROR: Final = 0x00050000
_KILL_PROCESS: Final = 0x80000000
_EACCES: Final = 13

_ARCHITECTURE: Final = 0xC000003E
#: Numbers from here on are calls of the x32 ABI: the same kernel, other numbers.
_X32: Final = 0x40000000

#: The guest's one descriptor.
SOCKET: Final = 3

_MAP_NORESERVE: Final = 0x4000
_MAP_STACK: Final = 0x20000
_MAP_FIXED: Final = 0x10
_PLAIN_MEMORY: Final = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | _MAP_FIXED | _MAP_NORESERVE | _MAP_STACK
_MADV_DONTNEED, _MADV_FREE = 4, 8
_FUTEX_PRIVATE, _FUTEX_REALTIME = 128, 256
_FUTEX_WAIT, _FUTEX_WAKE, _FUTEX_WAIT_BITSET, _FUTEX_WAKE_BITSET = 0, 1, 9, 10

NUMBERS: Final = {
    "read": 0, "write": 1, "open": 2, "close": 3, "stat": 4, "fstat": 5, "lstat": 6, "poll": 7, "lseek": 8,
    "mmap": 9, "mprotect": 10, "munmap": 11, "brk": 12, "ioctl": 16, "access": 21, "sched_yield": 24,
    "mremap": 25, "madvise": 28, "dup": 32, "nanosleep": 35, "getpid": 39, "exit": 60, "uname": 63,
    "fcntl": 72, "getcwd": 79, "readlink": 89, "gettimeofday": 96, "getuid": 102, "getgid": 104,
    "geteuid": 107, "getegid": 108, "getppid": 110, "gettid": 186, "time": 201, "futex": 202,
    "getdents64": 217, "restart_syscall": 219, "clock_gettime": 228, "clock_getres": 229,
    "clock_nanosleep": 230, "exit_group": 231, "openat": 257, "newfstatat": 262, "readlinkat": 267,
    "faccessat": 269, "ppoll": 271, "prlimit64": 302, "getrandom": 318, "statx": 332, "openat2": 437,
    "faccessat2": 439,
}  # fmt: skip

#: Allowed, with what must hold of the arguments.
ALLOWED: Final[dict[str, tuple[Check, ...]]] = {
    "read": (OneOf(0, (SOCKET,)),),
    "write": (OneOf(0, (SOCKET,)),),
    "mmap": (
        Without(2, mmap.PROT_EXEC),
        Having(3, mmap.MAP_ANONYMOUS),
        Without(3, 0xFFFFFFFF & ~_PLAIN_MEMORY),
    ),
    "munmap": (),
    "mremap": (),
    "brk": (),
    "madvise": (OneOf(2, (_MADV_DONTNEED, _MADV_FREE)),),
    "futex": (
        OneOf(
            1,
            tuple(
                operation | flags
                for operation in (_FUTEX_WAIT, _FUTEX_WAKE, _FUTEX_WAIT_BITSET, _FUTEX_WAKE_BITSET)
                for flags in (_FUTEX_PRIVATE, _FUTEX_PRIVATE | _FUTEX_REALTIME)
            ),
        ),
    ),
    "sched_yield": (),
    "getrandom": (),
    "time": (),
    "gettimeofday": (),
    "clock_gettime": (),
    "clock_getres": (),
    "nanosleep": (),
    "clock_nanosleep": (),
    "restart_syscall": (),
    "prlimit64": (OneOf(0, (0,)),),
    "exit": (),
    "exit_group": (),
}

#: Answered with EACCES.
ANSWERED: Final = (
    "open", "openat", "openat2", "close", "dup", "stat", "lstat", "fstat", "newfstatat", "statx", "access",
    "faccessat", "faccessat2", "readlink", "readlinkat", "getcwd", "getdents64", "lseek", "ioctl", "fcntl",
    "poll", "ppoll", "mprotect", "getpid", "getppid", "gettid", "getuid", "geteuid", "getgid", "getegid",
    "uname",
)  # fmt: skip


def program() -> bytes:
    """Return the filter of a guest as an array of ``struct sock_filter``."""
    refuse = _ERROR | _EACCES
    rules = {NUMBERS[name]: Rule(_ALLOW, checks, refuse) for name, checks in ALLOWED.items()}
    rules |= {NUMBERS[name]: Rule(refuse) for name in ANSWERED}
    return assemble(
        rules,
        architecture=_ARCHITECTURE,
        first_foreign=_X32,
        default=_KILL_PROCESS,
        foreign=_KILL_PROCESS,
    )
