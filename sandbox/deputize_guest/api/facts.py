"""What a script is told about its run: who set it off, and the constants of its plan."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches


class Initiator:
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


class Constants(Mapping[str, str]):
    """The plan's constants: texts by name. Read-only. KeyError names the nearest constant."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> str:
        try:
            return self._values[name]
        except KeyError:
            raise KeyError(self._missing(name)) from None

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._values))

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"<Constants {', '.join(self._values)}>"

    def _missing(self, name: object) -> str:
        near = get_close_matches(str(name), list(self._values), n=1)
        hint = f'; did you mean "{near[0]}"?' if near else ""
        return f'the plan has no constant "{name}"{hint}'
