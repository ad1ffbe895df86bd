"""What one run in the sandbox may use."""

from dataclasses import dataclass, fields
from typing import Final

MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxLimits:
    """The bounds of one run; beyond ``message_bytes`` each ends it as ``OverLimit`` with the field's name."""

    #: Seconds of wall clock from the moment the guest has its job, waiting for answers included.
    wall_seconds: float = 60.0
    #: Whole seconds of processor time.
    cpu_seconds: int = 5
    #: MiB beyond what an idle guest has.
    memory_mb: int = 128
    #: Bytes of the returned value as JSON.
    result_bytes: int = MIB
    #: Calls of functions within each other, as ``sys.setrecursionlimit`` counts them.
    recursion: int = 1000
    #: Bytes of one message to the host. A longer one breaks the protocol, unless it is a result.
    message_bytes: int = 4 * MIB
    #: Bytes of all messages to the host: reading them costs the host's time, not the guest's.
    said_bytes: int = 64 * MIB

    def __post_init__(self) -> None:
        """Raise ValueError for a bound that nothing can keep."""
        for each in fields(self):
            name, value = each.name, getattr(self, each.name)
            whole = name != "wall_seconds"
            if not 0 < value < float("inf") or (whole and value != int(value)):
                kind = "whole number" if whole else "number"
                raise ValueError(f"SandboxLimits.{name} is {value!r}; it must be a {kind} above 0")
