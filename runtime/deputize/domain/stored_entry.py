"""An entry of an activity stream as it is kept, and places in the streams of all runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class FeedPlace:
    """A place in the feed, which has every entry in an order in which none appears late."""

    #: The transaction that wrote the entry, where several write at once; else 0.
    transaction: int
    position: int


#: Before every entry.
FEED_START = FeedPlace(transaction=0, position=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    """One entry, as it was written."""

    #: Rises with every entry of the database.
    position: int
    place: FeedPlace
    integration_id: str | None
    plan_id: str | None
    #: The JSON of the entry, the same as everywhere.
    document: Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """Which entries are wanted; what is None is not asked for."""

    integration_id: str | None = None
    #: The initiator's subject.
    subject: str | None = None
    #: The initiator's name.
    initiator: str | None = None
    kind: str | None = None
    status_code: int | None = None
    #: Part of a text, method or address of the entry; upper and lower case are alike.
    text: str | None = None
    #: Written at that moment or later.
    since: datetime | None = None
    #: Written before that moment.
    until: datetime | None = None


EVERY_ENTRY = EntryFilter()
