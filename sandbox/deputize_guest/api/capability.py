"""A capability that an application gives its scripts beside those of the API."""

from collections.abc import Iterable
from typing import Any, NoReturn

from deputize_guest.api.api_object import ApiObject
from deputize_guest.api.channel import Channel
from deputize_guest.private_names import shown
from deputize_guest.values import to_json


class Method(ApiObject):
    """One method of a capability: called with named arguments, answers with JSON."""

    __slots__ = ("_called", "_channel")

    def __init__(self, channel: Channel, capability: str, method: str) -> None:
        self._channel = channel
        self._called = (capability, method)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Ask the host. Raises what it answers as an error, TypeError for arguments that are no JSON."""
        if arguments:
            raise TypeError(f"{self!r} takes its arguments by name")
        wire = {shown(name): to_json(value, f"{shown(name)} holds") for name, value in named.items()}
        return self._channel.ask(*self._called, {"arguments": wire})

    def __repr__(self) -> str:
        return f"<method {'.'.join(self._called)}>"


class Capability(ApiObject):
    """Has the methods that the application named, as attributes. Read-only."""

    def __init__(self, channel: Channel, name: str, methods: Iterable[str]) -> None:
        self.__dict__["_name"] = name
        self.__dict__.update({method: Method(channel, name, method) for method in methods})

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{self!r} is read-only")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{self!r} is read-only")

    def __repr__(self) -> str:
        return f"<Capability {self.__dict__['_name']}>"
