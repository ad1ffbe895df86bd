"""The body that starts a form, of both generations of the API, checked whole before anything is done."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final

from pydantic import BeforeValidator, Field, JsonValue, StringConstraints

from deputize.domain.event import Priority
from deputize.domain.recipient import RecipientType
from deputize.errors import shown
from deputize.platform.embedded.rest.problems import Detail, Problem, missing
from deputize.platform.embedded.rest.texts import Body, Key
from deputize.platform.embedded.targets import Target

#: Characters of one text.
MOST_CHARACTERS: Final = 20_000
#: Marks texts in answers: an event that is read and sent again has it.
LANGUAGE: Final = "#en"

_Upper = BeforeValidator(lambda value: value.upper() if isinstance(value, str) else value)
_PropertyName = Annotated[str, StringConstraints(min_length=1, max_length=300)]
_Object = dict[str, JsonValue]


class RecipientBody(Body):
    """A recipient: ``id`` in the present generation, ``targetName`` in the one before."""

    id: Key | None = None
    target_name: Key | None = None
    recipient_type: RecipientType | None = None


class OptionsBody(Body):
    """How an event is handled; what is said here is kept with it, and shown where it is read."""

    response_options: list[_Object] | None = Field(default=None, max_length=100)
    conference: _Object | None = None
    expiration_in_minutes: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    bypass_phone_intro: bool | None = None
    escalation_override: bool | None = None
    override_device_restrictions: bool | None = None
    require_phone_password: bool | None = None
    voicemail_options: _Object | None = None
    target_all_devices: bool | None = None
    target_device_names: list[_Object] | None = Field(default=None, max_length=100)
    other_response_count_threshold: str | int | None = None


class TriggerBody(OptionsBody):
    """The body. Who sends it and under which id are not among the things that it can say."""

    properties: dict[_PropertyName, JsonValue] | None = None
    recipients: list[RecipientBody] | None = Field(default=None, max_length=10_000)
    priority: Annotated[Priority, _Upper] | None = None
    #: The generation before: the conference by its name.
    conferences: list[_Object] | None = Field(default=None, max_length=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """What is to be sent."""

    properties: Mapping[str, JsonValue]
    targets: Sequence[Target]
    priority: Priority
    options: Mapping[str, JsonValue]


def trigger_of(body: TriggerBody) -> Trigger:
    """Return what *body* says; raises the 400 for one that mixes generations, or with a value of no use."""
    targets = _targets(body)
    properties = {
        name.removesuffix(LANGUAGE) if isinstance(value, str) else name: value
        for name, value in (body.properties or {}).items()
    }
    faults = [fault for name, value in properties.items() for fault in _faults(f"properties/{name}", value)]
    if faults:
        raise _unfit(faults)
    options = body.model_dump(include=set(OptionsBody.model_fields), exclude_none=True, by_alias=True)
    if body.conferences:
        options["conferences"] = body.conferences
    return Trigger(
        properties=properties, targets=targets, priority=body.priority or "MEDIUM", options=options
    )


def _targets(body: TriggerBody) -> list[Target]:
    targets = []
    new, old = body.conference is not None, body.conferences is not None
    for index, each in enumerate(body.recipients or ()):
        key = each.id or each.target_name
        if key is None:
            raise missing(f"recipients.{index}.id")
        new, old = new or each.id is not None, old or each.target_name is not None
        targets.append(Target(key=key, type=each.recipient_type))
    if new and old:
        raise Problem(
            HTTPStatus.BAD_REQUEST,
            "The body mixes two generations: recipients by id and conference belong to the present one, "
            "recipients by targetName and conferences to the one before. Use either.",
            subcode="validation.trigger.mixed_generations",
            details=[Detail(path="recipients", text="Must be of one generation, with its conference")],
        )
    return targets


def _faults(path: str, value: JsonValue) -> Iterator[Detail]:
    match value:
        case str() if len(value) > MOST_CHARACTERS:
            yield Detail(path=path, text="Exceeded the specified maximum number of characters")
        case list():
            for index, each in enumerate(value):
                if isinstance(each, list) or (isinstance(each, dict) and not _is_step(each)):
                    yield Detail(path=f"{path}/{index}", text="Must be a text, or a category with its value")
                else:
                    yield from _faults(f"{path}/{index}", "" if isinstance(each, dict) else each)
        case dict():
            yield Detail(path=path, text="Must be a text, a number, a boolean, or a list")


def _is_step(each: Mapping[str, JsonValue]) -> bool:
    """Whether *each* is one step of a hierarchy: a category and its value."""
    return set(each) == {"category", "value"} and all(
        isinstance(text, str) and len(text) <= MOST_CHARACTERS for text in each.values()
    )


def _unfit(faults: Sequence[Detail]) -> Problem:
    first = faults[0]
    return Problem(
        HTTPStatus.BAD_REQUEST,
        f"The {shown(first.path)} field contains an invalid value. {first.text}.",
        subcode="validation.trigger.property",
        arguments=[shown(first.path)],
        details=faults,
    )
