"""The methods of each address: what ``Allow`` lists when somebody asks with another one."""

import re
from collections.abc import Iterable, Mapping, Sequence


class Methods:
    """Knows the methods of the addresses that an OpenAPI document describes."""

    def __init__(self, paths: Mapping[str, Iterable[str]]) -> None:
        """Take the methods by path, as the document has them."""
        self._paths: Sequence[tuple[re.Pattern[str], frozenset[str]]] = [
            (re.compile(_pattern(path)), frozenset(method.upper() for method in paths[path]))
            # A path without parameters goes before one with them, as the document means it.
            for path in sorted(paths, key=lambda each: each.count("{"))
        ]

    def allowed(self, path: str) -> str:
        """Return the methods of *path*, for ``Allow``. A HEAD goes wherever a GET does."""
        found = next((methods for each, methods in self._paths if each.fullmatch(path)), frozenset[str]())
        return ", ".join(sorted(found | ({"HEAD"} if "GET" in found else set())))


def _pattern(path: str) -> str:
    return "[^/]+".join(re.escape(part) for part in re.split(r"\{[^}]*\}", path))
