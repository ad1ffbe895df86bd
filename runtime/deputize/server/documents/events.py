"""Forms that are started, and the events that come of it."""

from typing import Annotated

from pydantic import Field, JsonValue

from deputize.domain.event import Priority
from deputize.platform.interface import FormContent, FormStarted
from deputize.server.documents.document import Document, Sent
from deputize.use_cases.start_by_email import StartedByEmail
from deputize.use_cases.start_form import SignedInWay


class SentEvent(Sent):
    """What is sent with a form."""

    way: SignedInWay = "ui"
    """Whether the page or the app starts it; a form allows either or not."""
    properties: Annotated[dict[str, JsonValue], Field(default_factory=dict, max_length=1000)]
    recipients: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=300)]],
        Field(default_factory=list, max_length=1000),
    ]
    """Names or ids of users and groups, or `user|device`."""
    priority: Priority = "MEDIUM"

    def content(self) -> FormContent:
        """Return what the form is started with."""
        return FormContent(
            properties=self.properties, recipients=tuple(self.recipients), priority=self.priority
        )


class StartedEventDocument(Document):
    """An event that has begun."""

    id: str
    number: str
    """By which people know the event."""
    request_id: str
    left_out: list[str]
    """Those of the recipients whom it does not reach: there is nobody of that name, or the sender may not
    send to them."""

    @classmethod
    def of(cls, started: FormStarted) -> "StartedEventDocument":
        """Return the document of *started*."""
        return cls(
            id=started.event_id,
            number=started.number,
            request_id=started.request_id,
            left_out=list(started.left_out),
        )


class StartedByEmailDocument(StartedEventDocument):
    """An event that a message has begun."""

    initiator: str
    """The name of the user whose address the message is from."""
    form: str
    """`PLAN/FORM`."""
    attachments: list[str]
    """What else the message held, by file name or type; none of it is kept."""

    @classmethod
    def by_email(cls, event: StartedByEmail) -> "StartedByEmailDocument":
        """Return the document of *event*."""
        return cls(
            **dict(StartedEventDocument.of(event.started)),
            initiator=event.initiator,
            form=event.form,
            attachments=list(event.attachments),
        )
