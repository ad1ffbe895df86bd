"""Moments as people write and read them."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

import typer

_AGO: Final = re.compile(r"(\d{1,6})\s*([smhdw])")
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def moment(text: str | None, *, option: str, now: datetime) -> datetime | None:
    """Return the moment that *text* means: ISO 8601, in UTC unless it says otherwise, or ``2h`` ago."""
    if text is None:
        return None
    ago = _AGO.fullmatch(text.strip())
    try:
        if ago is not None:
            return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
        read = datetime.fromisoformat(text.strip())
        return (read if read.tzinfo is not None else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise typer.BadParameter(
            f'"{text}" is no time. Write 2026-11-25, 2026-11-25T14:00Z, or 30m, 2h, 7d for so long ago.',
            param_hint=option,
        ) from None


def shown_time(moment: datetime | None) -> str:
    """Return *moment* in UTC to the second, or a dash."""
    if moment is None:
        return "–"
    return moment.astimezone(UTC).isoformat(sep=" ", timespec="seconds").replace("+00:00", "Z")
