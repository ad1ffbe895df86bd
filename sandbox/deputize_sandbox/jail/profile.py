"""The plan of the jail, as data; ``deputize_guest.confine`` carries it out."""

import base64
import platform
import resource
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from deputize_sandbox.jail import landlock, seccomp
from deputize_sandbox.jail.report import Tier

NOBODY: Final = 65534

#: ``CLONE_NEW…`` of what all guests of a zygote share, in the order in which they are entered.
_SHARED_NAMESPACES: Final = MappingProxyType(
    {"user": 0x10000000, "net": 0x40000000, "ipc": 0x08000000, "uts": 0x04000000, "mnt": 0x00020000}
)
_NEW_PID_NAMESPACE: Final = 0x20000000
_NAMESPACE_LAYERS: Final = (
    "user namespace",
    "network namespace",
    "ipc namespace",
    "uts namespace",
    "mount namespace",
    "pid namespace",
)

#: Limits of every process in the jail, whatever its run may use.
_ALWAYS: Final = MappingProxyType(
    {
        "RLIMIT_CORE": 0,
        "RLIMIT_FSIZE": 0,
        "RLIMIT_MEMLOCK": 0,
        "RLIMIT_MSGQUEUE": 0,
        "RLIMIT_NICE": 0,
        "RLIMIT_RTPRIO": 0,
        "RLIMIT_SIGPENDING": 0,
        "RLIMIT_STACK": 8 * 1024 * 1024,
    }
)
#: Limits that the zygote itself could not work under.
_OF_GUESTS: Final = MappingProxyType({"RLIMIT_NPROC": 0, "RLIMIT_NOFILE": 0})


@dataclass(frozen=True, slots=True, kw_only=True)
class JailProfile:
    """Which layers there are, and what each consists of."""

    tier: Tier
    #: Namespaces that the zygote enters and its guests inherit, with their ``clone`` flags.
    namespaces: Mapping[str, int] = field(default_factory=dict)
    #: Flags with which each guest is cloned.
    clone_flags: int = 0
    #: User and group that root gives way to; None: whoever it is stays.
    identity: int | None = None
    rlimits: Mapping[str, int] = field(default_factory=dict)
    guest_rlimits: Mapping[str, int] = field(default_factory=dict)
    #: ``struct landlock_ruleset_attr``.
    landlock: bytes | None = None
    #: The program of the filter, an array of ``struct sock_filter``.
    seccomp: bytes | None = None
    #: The highest capability of this kernel.
    last_capability: int = 40
    #: Layers of a full jail that this one lacks, and why where it is known beforehand.
    absent: Mapping[str, str] = field(default_factory=dict)

    def plan(self) -> dict[str, object]:
        """Return the profile as the zygote reads it: JSON."""
        return {
            "namespaces": dict(self.namespaces),
            "clone_flags": self.clone_flags,
            "identity": self.identity,
            "rlimits": [(getattr(resource, name), value) for name, value in self.rlimits.items()],
            "guest_rlimits": [(getattr(resource, name), value) for name, value in self.guest_rlimits.items()],
            "landlock": None if self.landlock is None else base64.b64encode(self.landlock).decode(),
            "seccomp": None if self.seccomp is None else base64.b64encode(self.seccomp).decode(),
            "last_capability": self.last_capability,
        }


def profiles() -> tuple[JailProfile, ...]:
    """Return what may be tried on this machine, the best first."""
    version = landlock.version()
    no_landlock = {} if version is not None else {"landlock": "this kernel has none"}
    without_namespaces = JailProfile(
        tier=Tier.CONTAINED,
        identity=NOBODY,
        rlimits=_ALWAYS,
        guest_rlimits=_OF_GUESTS,
        landlock=None if version is None else landlock.attributes(version),
        seccomp=seccomp.program(),
        last_capability=_last_capability(),
        absent={**dict.fromkeys(_NAMESPACE_LAYERS, "not allowed here"), **no_landlock},
    )
    with_namespaces = replace(
        without_namespaces,
        tier=Tier.CONTAINED if no_landlock else Tier.FULL,
        namespaces=_SHARED_NAMESPACES,
        clone_flags=_NEW_PID_NAMESPACE,
        absent=no_landlock,
    )
    return with_namespaces, without_namespaces


def unsupported() -> str | None:
    """Return why no profile fits this machine, or None."""
    if sys.platform != "linux":
        return f"scripts are confined by the Linux kernel, and this is {platform.system()}"
    if platform.machine() != "x86_64":
        return f"the filter of system calls is written for x86_64, and this is {platform.machine()}"
    if sys.maxsize < 1 << 32:
        return "the filter of system calls is written for a 64-bit interpreter, and this one has 32 bits"
    return None


def _last_capability() -> int:
    try:
        return int(Path("/proc/sys/kernel/cap_last_cap").read_text(encoding="ascii"))
    except (OSError, ValueError):
        # Without /proc the mount namespace fails first, and says so.
        return 40
