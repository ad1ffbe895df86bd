"""The time: the one place that reads the machine's clock, to be passed to everything else."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the time in UTC."""
    return datetime.now(UTC)
