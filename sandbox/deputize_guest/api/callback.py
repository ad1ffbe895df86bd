"""What happened to an event: the callback that set an outbound script off."""

from collections.abc import Mapping
from typing import Any, Final

from deputize_guest.api.api_object import ApiObject

#: The fields that each kind has beside those that every callback has.
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "STATUS": ("status", "username"),
    "DELIVERYSTATUS": ("delivery_status", "device", "device_id", "recipient", "message", "event_type"),
    "RESPONSE": ("recipient", "response", "device", "annotation"),
    "ANNOTATION": ("author", "comment"),
    "ESCALATION": ("group", "shift", "reason", "recipient"),
    "TARGETEDRECIPIENTFAILURE": ("recipient", "reason"),
}


class Author(ApiObject):
    """Who wrote an annotation. Read-only."""

    __slots__ = ("_fields",)

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._fields = fields

    @property
    def target_name(self) -> str:
        """The user's name on the platform."""
        name: str = self._fields["target_name"]
        return name

    @property
    def first_name(self) -> str | None:
        """The first name, where it is known."""
        return self._fields.get("first_name")

    @property
    def last_name(self) -> str | None:
        """The last name, where it is known."""
        return self._fields.get("last_name")

    def __repr__(self) -> str:
        return f"<Author {self.target_name}>"


class Callback(ApiObject):
    """A change of an event. Read-only. ``kind`` says which fields there are; others raise AttributeError.

    STATUS: status, username. DELIVERYSTATUS: delivery_status, device, device_id, recipient, message,
    event_type. RESPONSE: recipient, response, device, annotation. ANNOTATION: author, comment.
    ESCALATION: group, shift, reason, recipient. TARGETEDRECIPIENTFAILURE: recipient, reason.
    """

    __slots__ = ("_fields", "_kind")

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._kind: str = fields["kind"]
        self._fields = fields

    @property
    def kind(self) -> str:
        """STATUS, DELIVERYSTATUS, RESPONSE, ANNOTATION, ESCALATION or TARGETEDRECIPIENTFAILURE."""
        return self._kind

    @property
    def event_id(self) -> str:
        """The event's id."""
        return self._read("event_id")

    @property
    def event_properties(self) -> dict[str, Any]:
        """The properties of the event, as one dict."""
        properties: dict[str, Any] = self._fields["event_properties"]
        return properties

    @property
    def raw(self) -> Any:
        """The payload as it came."""
        return self._fields["raw"]

    @property
    def date(self) -> str | None:
        """When it happened, as the platform writes it."""
        return self._optional("date")

    @property
    def status(self) -> str:
        """STATUS: the new status, such as ``active`` or ``terminated``."""
        return self._read("status")

    @property
    def username(self) -> str | None:
        """STATUS: who changed it."""
        return self._optional("username")

    @property
    def delivery_status(self) -> str:
        """DELIVERYSTATUS: what became of the notification."""
        return self._read("delivery_status")

    @property
    def device(self) -> str | None:
        """DELIVERYSTATUS, RESPONSE: the device's name."""
        return self._optional("device")

    @property
    def device_id(self) -> str | None:
        """DELIVERYSTATUS: the device's id."""
        return self._optional("device_id")

    @property
    def recipient(self) -> str:
        """RESPONSE: who answered. DELIVERYSTATUS, ESCALATION, TARGETEDRECIPIENTFAILURE: who was meant."""
        return self._read("recipient")

    @property
    def message(self) -> str | None:
        """DELIVERYSTATUS: more about what happened."""
        return self._optional("message")

    @property
    def event_type(self) -> str | None:
        """DELIVERYSTATUS: the type of the event."""
        return self._optional("event_type")

    @property
    def response(self) -> str:
        """RESPONSE: the choice that was taken."""
        return self._read("response")

    @property
    def annotation(self) -> str | None:
        """RESPONSE: the comment; None when none was made."""
        return self._optional("annotation")

    @property
    def author(self) -> Author:
        """ANNOTATION: who wrote it."""
        self._check("author")
        return Author(self._fields["author"])

    @property
    def comment(self) -> str:
        """ANNOTATION: what was written."""
        return self._read("comment")

    @property
    def group(self) -> str | None:
        """ESCALATION: the group."""
        return self._optional("group")

    @property
    def shift(self) -> str | None:
        """ESCALATION: the shift."""
        return self._optional("shift")

    @property
    def reason(self) -> str | None:
        """ESCALATION, TARGETEDRECIPIENTFAILURE: why."""
        return self._optional("reason")

    def __repr__(self) -> str:
        return f"<Callback {self._kind} of event {self._fields['event_id']}>"

    def _read(self, name: str) -> str:
        self._check(name)
        # The platform may leave a field out; what is missing reads as None rather than as another kind.
        value: str = self._fields.get(name)  # type: ignore[assignment]
        return value

    def _optional(self, name: str) -> str | None:
        self._check(name)
        return self._fields.get(name)

    def _check(self, name: str) -> None:
        own = FIELDS.get(self._kind, ())
        if name not in ("event_id", "date", *own):
            raise AttributeError(
                f'a {self._kind} callback has no field "{name}"; it has {", ".join(own)}, '
                "date, event_id, event_properties, raw"
            )
