"""``datetime``, ``time`` and ``zoneinfo``: Python's own, in the time of the run and without files."""

# What C code looks for among the modules when it parses a date.
import _strptime  # type: ignore[import-not-found] # noqa: F401 - loaded, not used
import datetime as dt
import io
import time
import zoneinfo
from typing import Any, Final, Self

from deputize_guest import script_time
from deputize_guest.dialect.remade.zone_files import read_zones
from deputize_guest.run_clock import CLOCK

#: The files of all time zones, read while there are files.
_ZONES: Final[dict[str, bytes]] = {}
_LOADED: Final[dict[str, "ZoneInfo"]] = {}


class ZoneInfo(zoneinfo.ZoneInfo):
    """A time zone by its name, such as ``Europe/Vienna``."""

    __module__ = "zoneinfo"

    def __new__(cls, key: str) -> Self:
        """Return the zone *key*, one and the same each time. Raises ZoneInfoNotFoundError."""
        if cls is not ZoneInfo:
            return cls.no_cache(key)
        if key not in _LOADED:
            _LOADED[key] = cls.no_cache(key)
        return _LOADED[key]  # type: ignore[return-value] # of this very class

    @classmethod
    def no_cache(cls, key: str) -> Self:
        """Return the zone *key*, made anew. Raises ZoneInfoNotFoundError."""
        data = _ZONES.get(key)
        if data is None:
            raise zoneinfo.ZoneInfoNotFoundError(f"No time zone found with key {key}")
        return cls.from_file(io.BytesIO(data), key=key)

    @classmethod
    def clear_cache(cls, *, only_keys: Any = None) -> None:
        """Do nothing: a zone does not change during a run."""

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self


def load_zones() -> None:
    """Read the files of all time zones. Once, while there are files."""
    _ZONES.update(read_zones())


def available_timezones() -> set[str]:
    """Return the names of all time zones."""
    return set(_ZONES)


def _seconds() -> float:
    return CLOCK.microseconds / 1_000_000


def _elapsed() -> float:
    return CLOCK.elapsed_microseconds / 1_000_000


def _time_ns() -> int:
    return CLOCK.microseconds * 1000


def _elapsed_ns() -> int:
    return CLOCK.elapsed_microseconds * 1000


def _gmtime(seconds: float | None = None, /) -> time.struct_time:
    return time.gmtime(_seconds() if seconds is None else seconds)


def _localtime(seconds: float | None = None, /) -> time.struct_time:
    return time.localtime(_seconds() if seconds is None else seconds)


def _ctime(seconds: float | None = None, /) -> str:
    return time.ctime(_seconds() if seconds is None else seconds)


def _asctime(moment: Any = None, /) -> str:
    return time.asctime(_localtime() if moment is None else moment)


def _strftime(form: str, moment: Any = None, /) -> str:
    return time.strftime(form, _localtime() if moment is None else moment)


def _sleep(seconds: float, /) -> None:
    CLOCK.sleep(seconds)


MEMBERS: Final = {
    "datetime": {
        **{name: getattr(dt, name) for name in ("MAXYEAR", "MINYEAR", "UTC")},
        **{name: getattr(dt, name) for name in ("time", "timedelta", "timezone", "tzinfo")},
        "date": script_time.date,
        "datetime": script_time.datetime,
    },
    "time": {
        **{name: getattr(time, name) for name in ("altzone", "daylight", "timezone", "tzname")},
        **{name: getattr(time, name) for name in ("mktime", "strptime", "struct_time")},
        "asctime": _asctime,
        "ctime": _ctime,
        "gmtime": _gmtime,
        "localtime": _localtime,
        "monotonic": _elapsed,
        "monotonic_ns": _elapsed_ns,
        "perf_counter": _elapsed,
        "perf_counter_ns": _elapsed_ns,
        "sleep": _sleep,
        "strftime": _strftime,
        "time": _seconds,
        "time_ns": _time_ns,
    },
    "zoneinfo": {
        "ZoneInfo": ZoneInfo,
        "ZoneInfoNotFoundError": zoneinfo.ZoneInfoNotFoundError,
        "available_timezones": available_timezones,
    },
}
