"""Moments in a query: as RFC 3339 writes them, with their offset from UTC, so that nobody has to guess."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import Query
from pydantic import AfterValidator, AwareDatetime, BeforeValidator

_WRITTEN: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)")


def _as_written(value: Any) -> Any:
    if isinstance(value, str) and _WRITTEN.fullmatch(value) is None:
        raise ValueError("a moment is written as 2026-11-25T08:34:28Z, or with an offset such as +01:00")
    return value


def _in_utc(moment: datetime | None) -> datetime | None:
    try:
        return None if moment is None else moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("the moment is beyond the years 1 to 9999 in UTC") from None


Moment = Annotated[
    AwareDatetime | None,
    BeforeValidator(_as_written),
    AfterValidator(_in_utc),
    Query(description="RFC 3339, such as 2026-11-25T08:34:28Z."),
]
