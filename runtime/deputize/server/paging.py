"""Pages of a list: ``limit`` and ``cursor`` in, ``Link: rel="next"`` out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Query
from starlette.requests import Request

from deputize.server.callers import Caller, parts_of
from deputize.server.cursors import Cursors

_DEFAULT: Final = 50
_MOST: Final = 200
#: Of a cursor's query: what does not say which list it is.
_NOT_OF_THE_LIST: Final = frozenset({"cursor", "limit"})

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which part of which list is wanted."""

    limit: int
    #: The place after which it begins; None for the first page.
    after: list[str | int] | None
    request: Request
    #: The list: its address, its filters, and who asks.
    described: dict[str, str]

    def cut(self, items: Sequence[_T]) -> Sequence[_T]:
        """Return those of *items* that the page has; there may be one more, which shows that it goes on."""
        return items[: self.limit]

    def headers(self, items: Sequence[_T], place: list[str | int] | None) -> dict[str, str]:
        """Return the headers of the answer: where the next page is, if *items* go on after *place*."""
        following = self.following(items, place)
        return {} if following is None else {"Link": f'<{following}>; rel="next"'}

    def following(self, items: Sequence[_T], place: list[str | int] | None) -> str | None:
        """Return the address of the next page, if *items* go on after *place*."""
        if len(items) <= self.limit or place is None:
            return None
        cursor = Cursors(parts_of(self.request).cursor_key).write(place, of=self.described)
        kept = [each for each in self.request.query_params.multi_items() if each[0] != "cursor"]
        return f"{self.request.url.path}?{urlencode([*kept, ('cursor', cursor)])}"


def _asked_for(
    request: Request,
    caller: Caller,
    limit: Annotated[int, Query(ge=1, le=_MOST, description="Items of a page.")] = _DEFAULT,
    cursor: Annotated[
        str | None, Query(description="Where the page begins; it stands in the Link of the page before.")
    ] = None,
) -> Page:
    filters = {k: v for k, v in request.query_params.items() if k not in _NOT_OF_THE_LIST}
    described = {**filters, "/": request.url.path, "@": caller.subject}
    after = None if cursor is None else Cursors(parts_of(request).cursor_key).read(cursor, of=described)
    return Page(limit=limit, after=after, request=request, described=described)


Paging = Annotated[Page, Depends(_asked_for)]
