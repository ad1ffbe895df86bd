"""Pages of a list: ``offset`` and ``limit`` in, relative links out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from pydantic import JsonValue
from starlette.datastructures import QueryParams

from deputize.platform.embedded.rest.problems import invalid

DEFAULT_LIMIT = 100
MOST = 1000
#: More digits than any offset needs.
_DIGITS = 9
FARTHEST = 10**_DIGITS - 1

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which part of a list is wanted."""

    offset: int = 0
    limit: int = DEFAULT_LIMIT

    @classmethod
    def asked_for(cls, query: QueryParams) -> "Page":
        """Return the page that *query* asks for; raises a 400 for one that cannot be."""
        return cls(
            offset=whole_number(query, "offset", default=0, least=0, most=FARTHEST),
            limit=whole_number(query, "limit", default=DEFAULT_LIMIT, least=1, most=MOST),
        )

    def of(
        self,
        items: Sequence[_T],
        represent: Callable[[_T], JsonValue],
        *,
        path: str,
        query: QueryParams | None = None,
    ) -> dict[str, JsonValue]:
        """Return the page of *items* as JSON; *path* and *query* are those of the request.

        ``total`` counts all *items*. ``next`` and ``previous`` are there only if such a page is.
        """
        shown = items[self.offset : self.offset + self.limit]
        return self.holding(shown, represent, total=len(items), path=path, query=query)

    def holding(
        self,
        shown: Sequence[_T],
        represent: Callable[[_T], JsonValue],
        *,
        total: int,
        path: str,
        query: QueryParams | None = None,
    ) -> dict[str, JsonValue]:
        """Return the page that holds *shown*, of *total* items in all, as JSON."""
        others = [] if query is None else [(k, v) for k, v in query.multi_items() if k not in _OURS]

        def link(offset: int) -> str:
            return f"{path}?{urlencode([*others, ('offset', offset), ('limit', self.limit)])}"

        links: dict[str, JsonValue] = {"self": link(self.offset)}
        if self.offset + self.limit < total:
            links["next"] = link(self.offset + self.limit)
        if self.offset > 0:
            links["previous"] = link(max(0, self.offset - self.limit))
        return {
            "count": len(shown),
            "total": total,
            "data": [represent(item) for item in shown],
            "links": links,
        }


def as_it_is(shown: JsonValue) -> JsonValue:
    """Return *shown*: what a page holds is JSON already."""
    return shown


_OURS = ("offset", "limit")

#: All that is embedded in another object, as far as it is shown.
WHOLE = Page(limit=MOST)


def whole_number(query: QueryParams, name: str, *, default: int, least: int, most: int) -> int:
    """Return the whole number that *query* gives for *name*; raises a 400 for what is none."""
    text = query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS and least <= int(text) <= most):
        raise invalid(name, text, f"a whole number from {least} to {most}")
    return int(text)
