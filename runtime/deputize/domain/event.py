"""An event: one form, sent by one initiator."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from pydantic import JsonValue

from deputize.domain.integration import CallbackKind
from deputize.domain.scope import Scope

EventStatus: TypeAlias = Literal["ACTIVE", "SUSPENDED", "TERMINATED"]
Priority: TypeAlias = Literal["HIGH", "MEDIUM", "LOW"]
#: What led to a run or an event, so that nothing goes in circles.
Chain: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event; the submitter is whoever initiated it, and the initiator of all that it sets off."""

    id: str
    #: Decimal digits: the ``eventId`` of the REST API.
    number: str
    submitter_id: str
    submitter_name: str
    #: Bounds what the submitter's scripts may do; None: whatever the person may.
    scope: Scope | None = None
    #: How it was started: "ui", "api", "mobile", "email", "inbound", "schedule", "script",
    #: "library", "legacy".
    via: str
    status: EventStatus
    #: The form's name; empty for an event that came without one.
    form: str
    form_id: str | None
    plan_id: str | None
    priority: Priority
    created: datetime
    properties: Mapping[str, JsonValue]
    #: As they were given: names of people, groups, or ``person|device``.
    recipients: tuple[str, ...]
    #: What else was said of how it is handled, named as in the body of a trigger: ``responseOptions``,
    #: ``expirationInMinutes``, ``conference``, …
    options: Mapping[str, JsonValue] = field(default_factory=dict)
    #: The id that the caller who started it was told; None where nobody was told one.
    request_id: str | None
    #: The integrations whose scripts led to this event, the first one first.
    chain: Chain = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EventChange:
    """Something that happened to an event: what a callback tells."""

    kind: CallbackKind
    event: Event
    at: datetime
    #: The kind's own fields, named as the payload has them: ``status``, ``recipient``, ``response``, …
    fields: Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """A comment on an event."""

    id: str
    author_id: str
    author_name: str
    comment: str
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """One thing that happened to an event, as ``/audits`` tells it."""

    id: str
    event_id: str
    #: EVENT_CREATED, EVENT_SUSPENDED, EVENT_ANNOTATED, RESPONSE_RECEIVED, NOTIFICATION_DELIVERED, …
    type: str
    at: datetime
    detail: Mapping[str, JsonValue]
