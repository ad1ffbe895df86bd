"""The way out of the guest, as the objects of a script see it."""

from collections.abc import Mapping
from typing import Protocol

from deputize_guest.values import JsonValue


class Channel(Protocol):
    """Carries calls of a capability to the host. Arguments and answers are JSON."""

    def ask(self, capability: str, method: str, arguments: Mapping[str, JsonValue]) -> JsonValue:
        """Call and wait for the answer. Raises what the host answers as an error."""
        ...

    def tell(self, capability: str, method: str, arguments: Mapping[str, JsonValue]) -> None:
        """Call without an answer."""
        ...
