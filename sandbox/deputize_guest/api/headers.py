"""Headers of a request or a response: a mapping that does not care about case."""

from collections.abc import Iterable, Iterator, Mapping

from deputize_guest.api.api_object import ApiObject
from deputize_guest.api.missing_key import missing_key


class Headers(ApiObject, Mapping[str, str]):
    """Header values by name, whatever its case. Read-only.

    Iteration gives the names as they were sent. A header sent several times is one value, joined by a
    comma and a blank; ``get_list`` gives its values one by one.
    """

    __slots__ = ("_values",)

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        values: dict[str, tuple[str, list[str]]] = {}
        for name, value in pairs:
            values.setdefault(name.lower(), (name, []))[1].append(value)
        self._values = values

    def __getitem__(self, name: str) -> str:
        try:
            return ", ".join(self._values[name.lower()][1])
        except KeyError:
            raise missing_key("there is no header", name, self) from None

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._values

    def __iter__(self) -> Iterator[str]:
        return iter([name for name, _ in self._values.values()])

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"<Headers {', '.join(self)}>"

    def get_list(self, name: str) -> list[str]:
        """Return every value of the header *name*, in order; an empty list when it was not sent."""
        return list(self._values.get(name.lower(), ("", []))[1])
