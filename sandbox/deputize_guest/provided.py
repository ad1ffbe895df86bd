"""What a run gives its ``main``: the object for each kind of parameter."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from deputize_guest import api
from deputize_guest.api.channel import Channel

_KINDS: Final[Mapping[str, Callable[[Channel, Any], Any]]] = {
    "callback": lambda channel, value: api.Callback(value),
    "capability": lambda channel, value: api.Capability(channel, value["name"], value["methods"]),
    "clock": lambda channel, value: api.Clock(channel),
    "constants": lambda channel, value: api.Constants(value),
    "form": lambda channel, value: api.Form(channel, **value),
    "http": lambda channel, value: api.Http(channel),
    "initiator": lambda channel, value: api.Initiator(**value),
    "log": lambda channel, value: api.Log(channel),
    "payload": lambda channel, value: value,
    "request": lambda channel, value: api.Request(value),
    "secrets": lambda channel, value: api.Secrets(value),
}


def provided(kind: str, value: Any, channel: Channel) -> Any:
    """Return the object of *kind*. Raises KeyError for a kind that the guest does not know."""
    return _KINDS[kind](channel, value)
