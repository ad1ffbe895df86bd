"""What a script is told about its run: who set it off, and the constants of its plan."""

from collections.abc import Iterator, Mapping

from deputize_guest.api.api_object import ApiObject
from deputize_guest.api.missing_key import missing_key


class Initiator(ApiObject):
    """Who set the run off: facts, never a credential. Read-only."""

    __slots__ = ("_id", "_name", "_via")

    def __init__(self, *, id: str, name: str, via: str) -> None:  # noqa: A002 - the property's own name
        self._id = id
        self._name = name
        self._via = via

    @property
    def id(self) -> str:
        """The user's name on the platform, such as ``rob``."""
        return self._id

    @property
    def name(self) -> str:
        """The name for people to read."""
        return self._name

    @property
    def via(self) -> str:
        """How the run was started, such as ``cli``."""
        return self._via

    def __repr__(self) -> str:
        return f"<Initiator {self._id} via {self._via}>"


class Constants(ApiObject, Mapping[str, str]):
    """The plan's constants: texts by name. Read-only. KeyError names the nearest constant."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> str:
        try:
            return self._values[name]
        except KeyError:
            raise missing_key("the plan has no constant", name, self._values) from None

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._values))

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"<Constants {', '.join(self._values)}>"
