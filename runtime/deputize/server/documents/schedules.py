"""Schedules of integrations."""

from datetime import datetime

from pydantic import Field

from deputize.server.documents.document import Document, Sent, SentChange
from deputize.use_cases.define_schedule import NewSchedule, ScheduleChange
from deputize.use_cases.schedules import ScheduleState, SeenSchedule


class ScheduleDocument(Document):
    """When an inbound integration is set off by itself, and as whom; without what the script is given."""

    id: str
    name: str
    integration_id: str
    integration: str
    """The name of the integration."""
    plan: str
    """The name of its plan."""
    cron: str
    timezone: str
    user: str
    """The name of the user as whom it runs, and who alone can consent."""
    state: ScheduleState
    """``UNCONSENTED``: the user has to consent first; ``RESTING``: its integration is switched off."""
    consented: datetime | None
    script_changed: bool
    """The script is another one than it was at the consent."""
    due: datetime | None
    """The next due time; null while it is paused or not consented to."""
    last_due: datetime | None
    last_run_id: str | None
    """The last run that came of it."""
    defined_by: str
    created: datetime
    digest: str
    """What stands for all that somebody consents to: the integration, the user, the times, the body."""

    @classmethod
    def of(cls, seen: SeenSchedule) -> "ScheduleDocument":
        """Return the document of a schedule."""
        each = seen.schedule
        return cls(
            id=each.id,
            name=each.name,
            integration_id=each.integration_id,
            integration=seen.integration,
            plan=seen.plan,
            cron=each.cron,
            timezone=each.timezone,
            user=seen.user,
            state=seen.state,
            consented=each.consented,
            script_changed=seen.script_changed,
            due=each.due,
            last_due=each.last_due,
            last_run_id=each.last_run_id,
            defined_by=each.defined_by,
            created=each.created,
            digest=each.digest,
        )


class WholeScheduleDocument(ScheduleDocument):
    """A schedule with what its script is given."""

    content_type: str
    body: str
    upcoming: list[datetime]
    """The next five due times, or what they would be if it went."""

    @classmethod
    def of(cls, seen: SeenSchedule) -> "WholeScheduleDocument":
        """Return the document of a schedule."""
        return cls(
            **dict(ScheduleDocument.of(seen)),
            content_type=seen.schedule.content_type,
            body=seen.schedule.body,
            upcoming=list(seen.upcoming),
        )


class Schedules(Document):
    """Schedules, by name."""

    data: list[ScheduleDocument]


class SentSchedule(Sent):
    """A schedule that is to be defined."""

    name: str
    """1 to 63 of a-z, 0-9, - and _; no other schedule of the integration has it."""
    cron: str
    """Five fields: minute, hour, day of the month, month, day of the week."""
    timezone: str = "UTC"
    """The IANA name of the zone in whose wall-clock time that is."""
    user: str = Field(alias="as")
    """The name of the user as whom it runs."""
    content_type: str = "application/json"
    body: str = Field(default="{}", repr=False)
    """What the script is given as the body of a request, as text."""

    def new(self) -> NewSchedule:
        """Return it as use cases take it."""
        return NewSchedule(
            name=self.name,
            cron=self.cron,
            timezone=self.timezone,
            user=self.user,
            content_type=self.content_type,
            body=self.body,
        )


class SentScheduleChange(SentChange):
    """What is to change of a schedule; what is left out stays. All but ``enabled`` withdraws the consent."""

    cron: str = ""
    timezone: str = ""
    user: str = Field(default="", alias="as")
    content_type: str = ""
    body: str = Field(default="", repr=False)
    enabled: bool = True
    """False: it is paused."""

    def change(self) -> ScheduleChange:
        """Return it as use cases take it."""
        given = self.model_fields_set
        return ScheduleChange(
            cron=self.cron if "cron" in given else None,
            timezone=self.timezone if "timezone" in given else None,
            user=self.user if "user" in given else None,
            content_type=self.content_type if "content_type" in given else None,
            body=self.body if "body" in given else None,
            enabled=self.enabled if "enabled" in given else None,
        )


class SentConsent(Sent):
    """What is consented to."""

    digest: str
    """That of the schedule as it was shown; if it is another one by now, 409."""
