"""The form of the script's integration."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Final, cast

from deputize_guest.api.api_object import ApiObject
from deputize_guest.api.channel import Channel
from deputize_guest.api.http_request import timeout_seconds
from deputize_guest.api.http_response import Response
from deputize_guest.values import JsonValue, to_template

#: A recipient by its name or id, or as the platform's REST API takes it.
Recipient = str | Mapping[str, Any]

#: The fields of a trigger, as a script names them and as the platform does.
FIELDS: Final[Mapping[str, str]] = {
    "bypass_phone_intro": "bypassPhoneIntro",
    "conference": "conference",
    "escalation_override": "escalationOverride",
    "expiration_in_minutes": "expirationInMinutes",
    "other_response_count_threshold": "otherResponseCountThreshold",
    "override_device_restrictions": "overrideDeviceRestrictions",
    "priority": "priority",
    "properties": "properties",
    "recipients": "recipients",
    "require_phone_password": "requirePhonePassword",
    "response_options": "responseOptions",
    "target_all_devices": "targetAllDevices",
    "target_device_names": "targetDeviceNames",
    "voicemail_options": "voicemailOptions",
}
_PLATFORMS: Final = {theirs: ours for ours, theirs in FIELDS.items()}


class Form(ApiObject):
    """Posts the form of the integration, which starts an event, as the initiator. Several times, or never."""

    __slots__ = ("_channel", "_name", "_path")

    def __init__(self, channel: Channel, *, name: str, path: str) -> None:
        self._channel = channel
        self._name = name
        self._path = path

    @property
    def name(self) -> str:
        """The form's name."""
        return self._name

    @property
    def path(self) -> str:
        """Where it is posted to, below the platform's address."""
        return self._path

    def post(
        self,
        trigger: Mapping[str, Any] | None = None,
        /,
        *,
        properties: Mapping[str, Any] | None = None,
        recipients: Recipient | Iterable[Recipient] | None = None,
        priority: str | None = None,
        response_options: Iterable[Mapping[str, Any]] | None = None,
        conference: Mapping[str, Any] | None = None,
        expiration_in_minutes: int | None = None,
        timeout: float | None = None,
        **more: Any,
    ) -> Response:
        """Post the form and return the response. Raises HttpError when there is none.

        *trigger* is a body as the platform takes it, such as one that came in; the fields are added to it.
        *more* are the other fields, such as ``bypass_phone_intro``; the platform's own spelling is
        understood too. What is None is left out. Raises TypeError for an unknown field.
        """
        fields = {
            "properties": properties,
            "recipients": _recipients(recipients),
            "priority": priority,
            "response_options": response_options,
            "conference": conference,
            "expiration_in_minutes": expiration_in_minutes,
        }
        for name, value in more.items():
            fields[_known(name)] = value
        body = _body(trigger)
        for name, value in fields.items():
            if value is not None:
                body[FIELDS[name]] = to_template(value, f"{name} holds")
        arguments: dict[str, JsonValue] = {"trigger": body}
        if timeout is not None:
            arguments["timeout"] = timeout_seconds(timeout)
        return Response(cast("Any", self._channel.ask("form", "post", arguments)))

    def __repr__(self) -> str:
        return f"<Form {self._name}>"


def _body(trigger: Any) -> dict[str, JsonValue]:
    if trigger is None:
        return {}
    if not isinstance(trigger, Mapping):
        raise TypeError(f"a trigger is a mapping of its fields, not {type(trigger).__name__}")
    return cast("dict[str, JsonValue]", to_template(trigger, "the trigger holds"))


def _known(name: str) -> str:
    known = _PLATFORMS.get(name, name)
    if known in FIELDS:
        return known
    near = get_close_matches(name, FIELDS, n=1)
    hint = f'; did you mean "{near[0]}"?' if near else f"; it has {', '.join(FIELDS)}"
    raise TypeError(f'a form has no field "{name}"{hint}')


def _recipients(given: Any) -> list[Any] | None:
    if given is None:
        return None
    several = [given] if isinstance(given, str | Mapping) else given
    return [{"id": each} if isinstance(each, str) else each for each in several]
