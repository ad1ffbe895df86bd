"""How long what has ended is kept."""

from datetime import UTC, datetime, timedelta

from pydantic import BaseModel, ConfigDict, Field

_LONGEST = 36_500


class Retention(BaseModel):
    """Days for each kind, as ``[retention]`` of ``deputize.toml`` sets them; without, it is kept for ever.

    What has expired by itself (tokens, idempotency keys, codes and grants of OAuth) is never kept for longer.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    runs_days: int | None = Field(default=None, ge=1, le=_LONGEST)
    """Runs that came to their end, with their streams and journals; INTERRUPTED ones stay, to be resumed."""
    denied_days: int | None = Field(default=None, ge=1, le=_LONGEST)
    """Requests that were denied, with their streams."""
    events_days: int | None = Field(default=None, ge=1, le=_LONGEST)
    """Events that have ended, to which nothing has happened since and of which no run is left."""
    audit_days: int | None = Field(default=None, ge=1, le=_LONGEST)
    """Audit records."""


def kept_since(now: datetime, *, days: int) -> datetime:
    """Return the moment from which something is kept for *days*: a midnight in UTC."""
    day = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day - timedelta(days=days)
