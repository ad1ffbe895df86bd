"""A host on another machine: run as a program, it gives up what that machine lacks, and tells how it went.

Usage: python other_machine.py WHAT…

``nobody`` gives up root; of its privileges it keeps the one to read files, for an interpreter may lie where
only root reads. ``container``, ``no-landlock`` and ``no-seccomp`` have the kernel refuse what it would there.
``allow-contained`` is the setting of that name. Prints JSON.
"""

import asyncio
import ctypes
import json
import os
import struct
import sys

from deputize_sandbox import JailUnavailable, Returned, Sandbox, SandboxLimits, examine
from deputize_sandbox.jail.bpf import Rule, Without, assemble

NOBODY = 65534
CAP_DAC_READ_SEARCH = 2
PR_SET_KEEPCAPS, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 8, 38, 47
CAPSET, SECCOMP = 126, 317

ALLOW, ENOSYS, EPERM = 0x7FFF0000, 0x00050000 | 38, 0x00050000 | 1
NEW_NAMESPACES = 0x7E020000
#: What a default container refuses, as the published profile of Docker has it.
CONTAINER = {
    272: Rule(EPERM),
    308: Rule(EPERM),
    165: Rule(EPERM),
    166: Rule(EPERM),
    155: Rule(EPERM),
    435: Rule(ENOSYS),
    56: Rule(ALLOW, (Without(0, NEW_NAMESPACES),), EPERM),
}
REFUSALS = {"container": CONTAINER, "no-landlock": {444: Rule(ENOSYS)}, "no-seccomp": {317: Rule(ENOSYS)}}

libc = ctypes.CDLL(None, use_errno=True)


def checked(result: int) -> None:
    if result:
        raise OSError(ctypes.get_errno(), "this machine cannot be made less")


def become_nobody() -> None:
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    checked(libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0))
    os.setresuid(NOBODY, NOBODY, NOBODY)
    mask = 1 << CAP_DAC_READ_SEARCH
    header, data = struct.pack("Ii", 0x20080522, 0), struct.pack("6I", mask, mask, mask, 0, 0, 0)
    checked(libc.syscall(CAPSET, header, data))
    checked(libc.prctl(PR_CAP_AMBIENT, 2, CAP_DAC_READ_SEARCH, 0, 0))


def refuse(rules: dict[int, Rule]) -> None:
    program = assemble(rules, architecture=0xC000003E, first_foreign=0x40000000, default=ALLOW, foreign=ALLOW)
    held = ctypes.create_string_buffer(program, len(program))
    checked(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    header = struct.pack("HxxxxxxQ", len(program) // 8, ctypes.addressof(held))
    checked(libc.syscall(SECCOMP, 1, 0, header))


async def main(allow_contained: bool) -> dict[str, object]:
    report = await examine(allow_contained=allow_contained)
    told: dict[str, object] = {
        "uid": os.getuid(),
        "tier": report.tier,
        "missing": report.missing,
        "layers": [each.name for each in report.layers],
    }
    try:
        async with Sandbox(allow_contained=allow_contained) as sandbox:
            script = await sandbox.compile("def main():\n    return 6 * 7\n", filename="script.py")
            # The first guest is lean, a later one has been parked.
            runs = [
                await sandbox.run(script, provide={}, handler=None, limits=SandboxLimits()) for _ in range(5)
            ]
            told["tier of the sandbox"] = sandbox.report.tier
            told["results"] = [each.value for each in runs if isinstance(each, Returned)]
    except JailUnavailable as error:
        told["error"] = str(error)
    return told


if __name__ == "__main__":
    wanted = sys.argv[1:]
    if "nobody" in wanted:
        become_nobody()
    for name in wanted:
        if name in REFUSALS:
            refuse(REFUSALS[name])
    print(json.dumps(asyncio.run(main("allow-contained" in wanted))))
