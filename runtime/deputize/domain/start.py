"""What set a run off: an inbound request, a schedule, or a callback of an event."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, Literal, cast
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter, ValidationError, field_validator
from pydantic.alias_generators import to_camel

from deputize.activity.scheduled_time import ScheduledTime
from deputize.errors import PayloadInvalid, did_you_mean

INBOUND: Final = "inbound"
#: The trigger of a scheduled run, and ``Principal.via`` of its initiator.
SCHEDULE: Final = "schedule"


class _Callback(BaseModel):
    """What callbacks of every kind carry."""

    model_config = ConfigDict(extra="ignore", frozen=True, alias_generator=to_camel, populate_by_name=True)

    event_id: str = Field(alias="eventIdentifier")
    event_properties: dict[str, JsonValue] = Field(default_factory=dict)
    date: str | None = None

    @field_validator("event_id", mode="before")
    @classmethod
    def _number_or_text(cls, value: object) -> object:
        # Both occur: most senders write a number, some write text.
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value

    @field_validator("event_properties", mode="before")
    @classmethod
    def _fold(cls, value: object) -> object:
        """Turn the list of one-key objects into one dict; of a repeated key the last one counts."""
        if not isinstance(value, list):
            return value
        folded: dict[str, JsonValue] = {}
        for item in value:
            if not isinstance(item, dict):
                raise ValueError("must be a list of objects with one key each, or one object")  # noqa: TRY004 - pydantic reads ValueError
            folded.update(item)
        return folded


class StatusCallback(_Callback):
    """The event's status changed."""

    status: str
    username: str | None = None


class DeliveryStatusCallback(_Callback):
    """A notification was delivered, or could not be."""

    delivery_status: str
    device: str | None = None
    device_id: str | None = None
    recipient: str | None = None
    message: str | None = None
    event_type: str | None = None


class ResponseCallback(_Callback):
    """Somebody answered. ``annotation`` is None when no comment was made."""

    recipient: str
    response: str
    device: str | None = None
    annotation: str | None = None

    @field_validator("annotation", mode="before")
    @classmethod
    def _none_made(cls, value: object) -> object:
        # The platform writes the text "null" when there is no comment.
        return None if value == "null" else value


class Author(BaseModel):
    """Who wrote an annotation."""

    model_config = ConfigDict(extra="ignore", frozen=True, alias_generator=to_camel, populate_by_name=True)

    target_name: str
    first_name: str | None = None
    last_name: str | None = None


class AnnotationCallback(_Callback):
    """Somebody commented on the event."""

    author: Author
    comment: str


class EscalationCallback(_Callback):
    """The event went to the next in line."""

    group: str | None = None
    shift: str | None = None
    reason: str | None = None
    recipient: str | None = None


class TargetedRecipientFailureCallback(_Callback):
    """Nobody who was targeted could be reached."""

    recipient: str | None = None
    reason: str | None = None


_CALLBACKS: Mapping[str, type[_Callback]] = {
    "STATUS": StatusCallback,
    "DELIVERYSTATUS": DeliveryStatusCallback,
    "RESPONSE": ResponseCallback,
    "ANNOTATION": AnnotationCallback,
    "ESCALATION": EscalationCallback,
    "TARGETEDRECIPIENTFAILURE": TargetedRecipientFailureCallback,
}

#: What a payload can be read for.
STARTS: tuple[str, ...] = (INBOUND, *_CALLBACKS)
#: What sets runs off.
TRIGGERS: tuple[str, ...] = (INBOUND, SCHEDULE, *_CALLBACKS)

_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)


class Start(BaseModel):
    """A start whose payload has been checked: what the script's parameters are made from."""

    model_config = ConfigDict(frozen=True)

    trigger: str
    method: Literal["POST"] | None
    headers: dict[str, str]
    payload: JsonValue
    #: The value of the parameter ``request`` (inbound) or ``callback`` (outbound).
    provided: dict[str, JsonValue]

    @property
    def body(self) -> JsonValue:
        """What came, as the stream shows it: the JSON value, or the text that is none."""
        return self.provided["body"] if self.payload is None and by_request(self.trigger) else self.payload

    @property
    def parameters(self) -> Mapping[str, str]:
        """The parameters of the query and of a form, by name; a callback has none."""
        return cast("Mapping[str, str]", self.provided["parameters"]) if by_request(self.trigger) else {}

    @property
    def remote_address(self) -> str | None:
        """From where a request came, as far as that is known."""
        return cast("str | None", self.provided["remote_address"]) if by_request(self.trigger) else None

    @property
    def schedule(self) -> JsonValue:
        """The due time of a schedule, as entries have it; None where another thing set the run off."""
        return self.provided.get("schedule") if self.trigger == SCHEDULE else None

    @property
    def parameter(self) -> str:
        """The name of the parameter that this kind of start provides."""
        return "request" if by_request(self.trigger) else "callback"


def by_request(trigger: str) -> bool:
    """Whether a script that *trigger* set off is given a request: one that came, or that of a schedule."""
    return trigger in (INBOUND, SCHEDULE)


def read_start(kind: str, payload: object, *, request_id: str | None = None, integration: str = "") -> Start:
    """Check *payload* for a start of *kind* and return what the script is given.

    *kind* is ``inbound`` or the kind of a callback; *payload* is the parsed JSON body. Raises
    ``PayloadInvalid`` naming the kind and each field that is missing or wrong.
    """
    if kind not in STARTS:
        raise PayloadInvalid(
            f'"{kind}" is no kind of start.{did_you_mean(kind, STARTS)} Kinds: {", ".join(STARTS)}.'
        )
    try:
        body = _JSON.validate_python(payload)
        text = json.dumps(body, ensure_ascii=False, allow_nan=False)
    except (ValidationError, ValueError, RecursionError):
        raise PayloadInvalid(
            "the payload is not JSON: use dicts, lists, texts, numbers, booleans, None."
        ) from None
    if kind == INBOUND:
        return inbound_start(
            request_id=request_id or str(uuid4()),
            integration_id=integration,
            headers={"content-type": "application/json"},
            body=text,
            payload=body,
        )
    return Start(trigger=kind, method=None, headers={}, payload=body, provided=_read_callback(kind, body))


def inbound_start(
    *,
    request_id: str,
    integration_id: str,
    headers: Mapping[str, str],
    parameters: Mapping[str, str] = MappingProxyType({}),
    body: str,
    payload: JsonValue,
    remote_address: str | None = None,
) -> Start:
    """Return the start by an inbound request: its *body* as text and, where that is JSON, its value.

    Header names are in lower case. Nothing here may carry the caller's credential: a start is kept.
    """
    request: dict[str, JsonValue] = {
        "method": "POST",
        "headers": dict(headers),
        "parameters": dict(parameters),
        "body": body,
        "request_id": request_id,
        "integration_id": integration_id,
        "remote_address": remote_address,
    }
    return Start(trigger=INBOUND, method="POST", headers=dict(headers), payload=payload, provided=request)


def scheduled_start(request: Start, due: ScheduledTime) -> Start:
    """Return the start by a schedule at *due*: the script is given *request* as if that had been sent."""
    provided = {**request.provided, "schedule": due.model_dump(mode="json")}
    return request.model_copy(update={"trigger": SCHEDULE, "provided": provided})


def _read_callback(kind: str, body: JsonValue) -> dict[str, JsonValue]:
    if not isinstance(body, dict):
        raise PayloadInvalid(f"a {kind} callback is a JSON object, but the payload is {_kind_of(body)}.")
    try:
        callback = _CALLBACKS[kind].model_validate(body)
    except ValidationError as error:
        problems = "; ".join(_problem(details) for details in error.errors(include_url=False))
        raise PayloadInvalid(f"the payload is no {kind} callback: {problems}.") from None
    fields = callback.model_dump(mode="json")
    return {"kind": kind, "raw": body, **fields}


def _problem(details: Any) -> str:
    where = ".".join(str(part) for part in details["loc"])
    if details["type"] == "missing":
        return f'"{where}" is missing'
    what = details["msg"].removeprefix("Value error, ")
    return f'"{where}" {what[0].lower()}{what[1:]}'


def _kind_of(value: JsonValue) -> str:
    match value:
        case None:
            return "missing"
        case list():
            return "a list"
        case str():
            return "a text"
        case bool():
            return "a boolean"
        case _:
            return "a number"
