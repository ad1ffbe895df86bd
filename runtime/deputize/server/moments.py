"""Moments in a query: with their offset from UTC, so that nobody has to guess."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Query
from pydantic import AfterValidator, AwareDatetime


def _in_utc(moment: datetime | None) -> datetime | None:
    try:
        return None if moment is None else moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("is beyond the years 1 to 9999 in UTC") from None


Moment = Annotated[
    AwareDatetime | None,
    AfterValidator(_in_utc),
    Query(description="RFC 3339, such as 2026-11-25T08:34:28Z."),
]
