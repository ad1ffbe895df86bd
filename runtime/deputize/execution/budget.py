"""What a run has used of its limits."""

from deputize.domain.limits import Limits
from deputize_sandbox import LimitReached

#: The line of ``deputize.toml`` that raises a limit.
SETTING = {
    "wall_seconds": "limits.wall_seconds",
    "cpu_seconds": "limits.cpu_seconds",
    "memory_mb": "limits.memory_mb",
    "calls": "limits.calls",
    "log_bytes": "limits.log_bytes",
    "result_bytes": "limits.result_bytes",
}


class Budget:
    """Counts calls and logged bytes; the first beyond its limit ends the run."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.calls = 0
        self._logged = 0

    def spend_calls(self, number: int) -> None:
        """Count *number* calls. Raises ``LimitReached``, before any of them is made."""
        if self.calls + number > self.limits.calls:
            raise LimitReached("calls", self.limits.calls)
        self.calls += number

    def spend_log(self, size: int) -> None:
        """Count *size* bytes of log. Raises ``LimitReached``."""
        self._logged += size
        if self._logged > self.limits.log_bytes:
            raise LimitReached("log_bytes", self.limits.log_bytes)
