"""Moments and durations as people read them."""

from datetime import UTC, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from markupsafe import Markup

_SECOND: Final = 1000
_MINUTE: Final = 60 * _SECOND


def zone_of(name: str) -> tzinfo:
    """Return the time zone *name*; UTC for what is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


def moment(value: datetime | str, zone: tzinfo, *, date: bool = True) -> Markup:
    """Return *value* as an element that says it in *zone*, and exactly to programs."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    local = at.astimezone(zone)
    clock = f"{local:%H:%M:%S}.{local.microsecond // 1000:03}"
    day = f"{local.day} {local:%b %Y}"
    exact = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    before = Markup('<span class="day">{}</span> ').format(day) if date else Markup("")
    return Markup(
        '<time datetime="{exact}" title="{day} {clock} {zone}">'
        '{before}{clock} <span class="zone">{zone}</span></time>'
    ).format(exact=exact, day=day, clock=clock, zone=local.tzname() or "UTC", before=before)


def duration(milliseconds: float | None) -> str:
    """Return so many *milliseconds* in the unit that fits; nothing for None."""
    if milliseconds is None:
        return ""
    if milliseconds < _SECOND:
        return f"{milliseconds:.0f} ms"
    if milliseconds < _MINUTE:
        return f"{milliseconds / _SECOND:.1f} s"
    minutes, rest = divmod(milliseconds, _MINUTE)
    return f"{minutes:.0f} min {rest / _SECOND:.0f} s"
