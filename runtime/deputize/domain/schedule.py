"""A schedule: when an inbound integration is set off by itself, as whom, and with what."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice, takewhile
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from deputize.domain.cron import Cron, NotCron

#: Not the same on every machine.
_OF_THE_MACHINE: Final = "localtime"
#: Due times that are counted of those that were missed.
MOST_MISSED: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """What sets an integration off again and again, as one person who has consented to that."""

    id: str
    integration_id: str
    #: No other schedule of the integration has it.
    name: str
    #: Five fields, as ``Cron`` reads them.
    cron: str
    #: The IANA name of the zone in whose wall-clock time that is.
    timezone: str
    #: The person as whom its runs are, and who alone can consent.
    subject: str
    #: Of the body that the script is given.
    content_type: str
    body: str = field(repr=False)
    #: False: it is paused.
    enabled: bool = True
    created: datetime
    #: The name of who defined it.
    defined_by: str
    #: When the person consented to its terms as they are now; None: not yet, or not any more.
    consented: datetime | None = None
    #: The hash of the script that the integration had then.
    consented_script: str | None = None
    #: The next due time; None while it is paused, or nobody has consented.
    due: datetime | None = None
    #: The last due time that has passed, and the run that came of it, if one did.
    last_due: datetime | None = None
    last_run_id: str | None = None

    @property
    def digest(self) -> str:
        """What stands for its terms: all that somebody consents to."""
        terms = (
            *(self.id, self.integration_id, self.subject),
            *(self.cron, self.timezone, self.content_type, self.body),
        )
        return hashlib.sha256(json.dumps(terms).encode()).hexdigest()

    @property
    def goes(self) -> bool:
        """Whether it has due times: it is not paused, and the person has consented."""
        return self.enabled and self.consented is not None

    def next_due(self, after: datetime) -> datetime | None:
        """Return its first due time after that moment which has not passed already; None while it rests."""
        if not self.goes:
            return None
        latest = after if self.last_due is None else max(after, self.last_due)
        return self.times.cron.after(latest, self.times.zone)

    @property
    def times(self) -> "Times":
        """When it is due."""
        cron = Cron.read(self.cron)
        if isinstance(cron, NotCron):
            raise ValueError(f"{self.cron!r} of the schedule {self.id}: {cron.why}")  # noqa: TRY004 - it was read before it was kept
        return Times(cron=cron, zone=ZoneInfo(self.timezone))


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """An expression in a time zone."""

    cron: Cron
    zone: ZoneInfo

    def upcoming(self, after: datetime, *, number: int) -> tuple[datetime, ...]:
        """Return the first *number* due times after that moment, in UTC."""
        return tuple(islice(self.cron.following(after, self.zone), number))

    def passed(self, due: datetime, now: datetime) -> "Passed":
        """Return what is to be made of *due*, and of the due times after it up to *now*."""
        latest = self.cron.latest(due, now, self.zone)
        later = takewhile(lambda each: each <= latest, self.cron.following(due, self.zone))
        return Passed(
            latest=latest,
            missed=sum(1 for _ in islice(later, MOST_MISSED)),
            upcoming=self.cron.after(latest, self.zone),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """Due times that have come: one of them becomes a run."""

    latest: datetime
    #: How many were before it and become none, at most ``MOST_MISSED``.
    missed: int
    upcoming: datetime | None


def time_zone(name: str) -> ZoneInfo | None:
    """Return the zone of that IANA name; None for what is none."""
    if name == _OF_THE_MACHINE:
        return None
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return None
