"""With the language layer off, plain Python in the jail reaches nothing: the kernel layer alone holds."""

import asyncio
import errno
import gc
import os
import signal

import pytest
from raw_sandbox import Recorder, run_raw
from test_jail_filter import ALLOWED, KILLED, REFUSED, listed

from deputize_sandbox import Crashed, Faulted, OverLimit, Returned, SandboxLimits

SILENT = "without saying how it went"
DEAD = Crashed(code="GUEST_CRASHED", detail=f"the guest was ended by SIGSYS, {SILENT}", usage=None)

#: What ends the guest: the source is the attempt.
FATAL = {
    "a socket to the network": "import socket; socket.socket()",
    "a raw socket": "import socket; socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
    "a netlink socket": "import socket; socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    "a local socket": "import socket; socket.socket(socket.AF_UNIX)",
    "a pair of sockets": "import socket; socket.socketpair()",
    "a name looked up": "import socket; socket.getaddrinfo(b'example.com', 80)",
    "a descriptor sent over the guest's own socket": "call(46, 3, 0, 0)",
    "a descriptor received over the guest's own socket": "call(47, 3, 0, 0)",
    "the guest's own socket shut down": "call(48, 3, 1)",
    "an option of the guest's own socket": "call(55, 3, 1, 17, 0, 0)",
    "the name of the peer": "call(52, 3, 0, 0)",
    "fork": "os.fork()",
    "vfork": "call(58)",
    "clone": "call(56, 17, 0, 0, 0, 0)",
    "clone3": "call(435, 0, 0)",
    "a clone that shares memory": "call(56, 0x100 | 0x200 | 0x400, 0, 0, 0, 0)",
    "a thread": "import threading; threading.Thread(target=print).start()",
    "a fork bomb": "while True: os.fork()",
    "a program": "os.execv('/bin/sh', ['sh'])",
    "a program by descriptor": "call(322, 3, 0, 0, 0, 0x1000)",
    "a subprocess": "import subprocess; subprocess.run(['id'])",
    "a signal to everybody": "os.kill(-1, 9)",
    "a signal to oneself": "os.kill(os.getpid() if False else 1, 9)",
    "a signal to the parent": "call(62, 0, 9)",
    "a handler of a signal": "import signal; signal.signal(signal.SIGXCPU, lambda *_: None)",
    "a mask of signals": "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])",
    "an alarm": "import signal; signal.alarm(1)",
    "a timer": "import signal; signal.setitimer(signal.ITIMER_PROF, 0.001)",
    "ptrace of the parent": "call(101, 16, 1, 0, 0)",
    "memory of another process": "call(310, 1, 0, 0, 0, 0, 0)",
    "a pidfd": "call(434, 1, 0)",
    "a descriptor of another process": "call(438, 3, 0, 0)",
    "another session": "os.setsid()",
    "io_uring": "call(425, 8, 0)",
    "a BPF program": "call(321, 0, 0, 0)",
    "performance counters": "call(298, 0, 0, -1, -1, 0)",
    "page faults handled by oneself": "call(323, 0)",
    "the key ring": "call(250, 0, -3, 0)",
    "a mount": "call(165, 0, 0, 0, 0, 0)",
    "a namespace of one's own": "call(272, 0x10000000)",
    "a namespace of another": "call(308, 3, 0)",
    "another root": "os.chroot('/')",
    "another folder": "os.chdir('/')",
    "a file by its handle": "call(304, 3, 0, 0)",
    "a file in memory": "call(319, 0, 0)",
    "memory shared by key": "call(29, 1, 4096, 0o1666)",
    "a semaphore by key": "call(64, 1, 1, 0o1666)",
    "a queue of messages": "call(240, 0, 0, 0, 0)",
    "a pipe": "os.pipe()",
    "an event descriptor": "os.eventfd(0)",
    "an epoll": "import select; select.epoll()",
    "another user": "os.setuid(0)",
    "another group": "os.setgid(0)",
    "capabilities": "call(126, 0, 0)",
    "a process option": "call(157, 4, 1, 0, 0, 0)",
    "another filter": "call(317, 1, 0, 0)",
    "another Landlock": "call(444, 0, 0, 1)",
    "a kernel module": "call(175, 0, 0, 0)",
    "another clock": "call(227, 0, 0)",
    "another name of this machine": "import socket; socket.sethostname('x')",
    "a priority": "os.setpriority(os.PRIO_PROCESS, 0, -20)",
    "a scheduler": "os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))",
    "the processors": "os.sched_getaffinity(0)",
    "what the machine has in use": "call(99, 0)",
    "the segment registers": "call(158, 0x1002, 0)",
    "the local descriptor table": "call(154, 0, 0, 0)",
    "a page that is protected by a key": "call(329, 0, 0, 0, 0)",
    "a file unlinked": "os.unlink('/etc/passwd')",
    "a file renamed": "os.rename('/etc/passwd', '/x')",
    "a folder made": "os.mkdir('/x')",
    "a link": "os.symlink('/etc', '/x')",
    "a mode": "os.chmod('/', 0o777)",
    "a system call of the x32 numbering": "call(0x40000000 | 39)",
    "a number far beyond": "call(100_000)",
}

#: What is answered with an error: the source, and what it leaves as its result.
ANSWERED = {
    "a file opened": ("result = call(2, b'/etc/passwd', 0)", -errno.EACCES),
    "a file opened by the newest call": ("result = call(437, -100, b'/etc/passwd', 0, 24)", -errno.EACCES),
    "a file looked at": ("result = call(4, b'/', 0)", -errno.EACCES),
    "a folder read": ("result = call(217, 3, 0, 0)", -errno.EACCES),
    "the socket closed": ("result = call(3, 3)", -errno.EACCES),
    "the socket doubled": ("result = call(32, 3)", -errno.EACCES),
    "the socket's flags": ("result = call(72, 3, 4, 0)", -errno.EACCES),
    "the socket's owner": ("result = call(16, 3, 0x8901, 0)", -errno.EACCES),
    "every other descriptor read": (
        "result = sorted({call(0, each, ctypes.create_string_buffer(1), 1) for each in range(2000) if each != 3})",
        [-errno.EACCES],
    ),
    "every other descriptor written to": (
        "result = sorted({call(1, each, ctypes.c_char_p(b'x'), 1) for each in range(2000) if each != 3})",
        [-errno.EACCES],
    ),
    "memory that executes": ("result = call(9, 0, 4096, 7, 0x22, -1, 0)", -errno.EACCES),
    "memory made to execute": ("result = call(10, call(9, 0, 4096, 3, 0x22, -1, 0), 4096, 5)", -errno.EACCES),
    "memory that is shared": ("result = call(9, 0, 4096, 3, 0x21, -1, 0)", -errno.EACCES),
    "memory of the largest pages": ("result = call(9, 0, 4096, 3, 0x40022, -1, 0)", -errno.EACCES),
    "memory of a file": ("result = call(9, 0, 4096, 1, 2, 3, 0)", -errno.EACCES),
    "memory merged with that of others": (
        "result = call(28, call(9, 0, 4096, 3, 0x22, -1, 0), 4096, 12)",
        -errno.EACCES,
    ),
    "a lock that lends priority": ("result = call(202, 0, 6, 0, 0, 0, 0)", -errno.EACCES),
    "a lock shared with others": ("result = call(202, 0, 1, 1, 0, 0, 0)", -errno.EACCES),
    "the limits of the zygote": ("result = call(302, 2, 7, 0, 0)", -errno.EACCES),
    "a limit raised": (
        "import resource\n"
        "pair = (ctypes.c_uint64 * 2)(64, 64)\n"
        "result = call(302, 0, resource.RLIMIT_NOFILE, ctypes.byref(pair), 0)",
        -errno.EPERM,
    ),
    "the limit of memory raised": (
        "import resource\n"
        "pair = (ctypes.c_uint64 * 2)(1 << 62, 1 << 62)\n"
        "result = call(302, 0, resource.RLIMIT_AS, ctypes.byref(pair), 0)",
        -errno.EPERM,
    ),
    "the number of this process": ("result = call(39)", -errno.EACCES),
    "the user": ("result = call(102)", -errno.EACCES),
    "the name of this machine": ("result = call(63, 0)", -errno.EACCES),
}


#: ``uretprobe`` and ``uprobe``: the kernel exempts them from filters, and answers only where it has itself
#: placed a probe.
OF_PROBES = {335, 336}


@pytest.mark.parametrize("attempt", FATAL)
def test_an_attempt_ends_the_guest(raw, attempt):
    outcome = raw.run(FATAL[attempt])

    assert outcome == DEAD


@pytest.mark.parametrize("attempt", ANSWERED)
def test_an_attempt_is_answered_with_an_error(raw, attempt):
    source, answer = ANSWERED[attempt]
    outcome = raw.run(source)

    assert outcome == Returned(value=answer, usage=None)


def test_every_system_call_of_the_kernel_is_refused_or_ends_the_guest(raw):
    forbidden = [
        number for number in range(512) if listed(number, (0,) * 6) != ALLOWED and number not in OF_PROBES
    ]

    async def attempts():
        return await asyncio.gather(
            *(run_raw(raw.sandbox, f"result = call({number})") for number in forbidden)
        )

    expected = {KILLED: DEAD, REFUSED: Returned(value=-errno.EACCES, usage=None)}
    outcomes = dict(zip(forbidden, raw.do(attempts()), strict=True))
    assert outcomes == {number: expected[listed(number, (0,) * 6)] for number in forbidden}


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "/proc/self/environ", "/proc/1/mem", "/sys", "/dev/null", "."]
)
def test_no_file_opens(raw, path):
    outcome = raw.run(f"open({path!r})")

    assert outcome.type == "PermissionError"


@pytest.mark.parametrize("module", ["turtle", "pydantic", "deputize_sandbox", "xmlrpc.client"])
def test_nothing_new_can_be_imported(raw, module):
    outcome = raw.run(f"import {module}")

    assert outcome.type == "ModuleNotFoundError"


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("import multiprocessing.shared_memory as m; m.SharedMemory('x', True, 9)", "PermissionError"),
        ("os.listdir('/')", "PermissionError"),
        ("import ctypes; ctypes.CDLL('libssl.so')", "OSError"),
    ],
)
def test_an_attempt_ends_as_an_ordinary_error(raw, source, error):
    assert raw.run(source).type == error


def test_probes_of_the_kernel_find_nothing(raw):
    outcomes = [raw.run(f"result = call({number})") for number in OF_PROBES]

    assert not [each for each in outcomes if isinstance(each, Returned) and each.value >= 0]


def test_nothing_of_the_host_is_in_the_memory_of_a_guest(raw):
    os.environ["DEPUTIZE_TEST_CANARY"] = "canary-5ca1ab1e"
    try:
        outcome = raw.run(
            """
import gc, sys
def holds(value):
    return isinstance(value, str) and 'canary-' + '5ca1ab1e' in value
found = [1 for each in gc.get_objects() if isinstance(each, dict) for value in list(each.values()) if holds(value)]
libc = ctypes.CDLL(None)
libc.getenv.restype = ctypes.c_char_p
environ = ctypes.c_void_p.in_dll(libc, 'environ').value
result = [len(found), dict(os.environ), libc.getenv(b'DEPUTIZE_TEST_CANARY'), environ, sys.argv, sys.path]
"""
        )
    finally:
        del os.environ["DEPUTIZE_TEST_CANARY"]

    assert outcome == Returned(value=[0, {}, None, None, [], []], usage=None)


def test_the_command_line_of_the_zygote_is_not_in_the_memory_of_a_guest(raw):
    outcome = raw.run(
        """
libc = ctypes.CDLL(None)
name = ctypes.c_void_p.in_dll(libc, 'program_invocation_name').value
result = ctypes.string_at(name & ~4095, 4096 - 64).strip(b'\\0').decode('latin-1')[-400:]
"""
    )

    assert "deputize_guest" not in outcome.value
    assert "PYTHONHASHSEED" not in outcome.value


def test_guests_share_no_state(raw):
    first = raw.run("os.left_behind = 1; import json; json.left_behind = 1; result = 1")
    second = raw.run("import json; result = [hasattr(os, 'left_behind'), hasattr(json, 'left_behind')]")

    assert [first.value, second.value] == [1, [False, False]]


def test_a_null_pointer_ends_only_its_guest(raw):
    outcome = raw.run("ctypes.string_at(0)")

    assert outcome == Crashed(
        code="GUEST_CRASHED", detail=f"the guest was ended by SIGSEGV, {SILENT}", usage=None
    )


def test_a_guest_that_leaves_has_not_finished(raw):
    assert raw.run("os._exit(0)") == Crashed(
        code="GUEST_CRASHED", detail=f"the guest left with exit code 0, {SILENT}", usage=None
    )
    assert raw.run("os._exit(7)") == Crashed(
        code="GUEST_CRASHED", detail=f"the guest left with exit code 7, {SILENT}", usage=None
    )


@pytest.mark.parametrize(
    "source",
    [
        "kept = bytearray(1 << 30)",
        "kept = []\nwhile True: kept.append(bytearray(1 << 20))",
        "kept = []\nwhile True: kept.append([])",
        "kept = 'x'\nwhile True: kept += kept",
        "kept = 1\nwhile True: kept = kept << 1_000_000",
        "kept = {}\nwhile True: kept[len(kept)] = object()",
    ],
)
def test_memory_beyond_the_limit_ends_the_run(raw, source):
    outcome = raw.run(source, limits=SandboxLimits(memory_mb=32, cpu_seconds=20))

    assert outcome == OverLimit(limit="memory_mb", value=32, usage=None)
    assert raw.usage(outcome).max_rss_kb < 96 * 1024


def test_memory_that_is_mapped_by_hand_counts(raw):
    outcome = raw.run(
        "sizes = []\n"
        "while (place := call(9, 0, 1 << 20, 3, 0x22, -1, 0)) > 0: sizes.append(place)\n"
        "result = [place, len(sizes) < 40]",
        limits=SandboxLimits(memory_mb=32),
    )

    assert outcome == Returned(value=[-errno.ENOMEM, True], usage=None)


def test_unmapping_what_the_interpreter_has_wins_no_memory(raw):
    outcome = raw.run(
        "import resource\n"
        "ceiling = resource.getrlimit(resource.RLIMIT_DATA)[0]\n"
        "first = call(9, 0, 1 << 20, 3, 0x22, -1, 0)\n"
        "call(11, first, 1 << 20)\n"
        "taken = 0\n"
        "while call(9, 0, 1 << 20, 3, 0x22, -1, 0) > 0: taken += 1\n"
        "result = taken <= 32",
        limits=SandboxLimits(memory_mb=32),
    )

    assert outcome == Returned(value=True, usage=None)


def test_a_stack_without_end_ends_at_most_its_guest(raw):
    outcome = raw.run(
        "import sys, json\nsys.setrecursionlimit(10 ** 9)\nkept = []\n"
        "for _ in range(10 ** 6): kept = [kept]\n"
        "json.dumps(kept)"
    )

    # From 3.12 on C code has a limit of its own.
    assert outcome in (
        Crashed(code="GUEST_CRASHED", detail=f"the guest was ended by SIGSEGV, {SILENT}", usage=None),
        Faulted(
            type="RecursionError",
            message="maximum recursion depth exceeded while encoding a JSON object",
            traceback=(),
            usage=None,
        ),
    )


def test_an_endless_loop_ends_at_the_limit_of_processor_time(raw):
    outcome = raw.run(
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        limits=SandboxLimits(cpu_seconds=1, wall_seconds=20),
    )

    assert outcome == OverLimit(limit="cpu_seconds", value=1, usage=None)
    assert raw.usage(outcome).cpu_seconds < 2


@pytest.mark.parametrize(
    "source",
    [
        "import time; time.sleep(1000)",
        "os.read(fd, 1)",
        "while True:\n    try:\n        os.read(fd, 1)\n    except BaseException: pass",
    ],
)
def test_waiting_without_end_ends_at_the_limit_of_the_wall_clock(raw, source):
    outcome = raw.run(source, limits=SandboxLimits(wall_seconds=0.2))

    assert outcome == OverLimit(limit="wall_seconds", value=0.2, usage=None)


def test_a_guest_is_killed_although_it_answers_to_nobody(raw):
    recorder = Recorder()
    outcome = raw.run(
        "connection.send(wire.encode({'kind': 'tell', 'capability': 'log', 'method': 'info', "
        "'arguments': {}, 'line': None}))\nwhile True: pass",
        handler=recorder,
        limits=SandboxLimits(wall_seconds=0.3, cpu_seconds=20),
    )

    assert outcome == OverLimit(limit="wall_seconds", value=0.3, usage=None)
    assert len(recorder.calls) == 1
    assert raw.usage(outcome).cpu_seconds > 0
    assert signal.getsignal(signal.SIGCHLD) is signal.SIG_DFL
    assert gc.isenabled()
