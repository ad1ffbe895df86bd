"""Finds which calls a script in another language makes, by how they are written; nothing of it is run."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from deputize.errors import shown

#: Calls that are listed of one script.
_MOST_CALLS: Final = 20
_MOST_LOOKED_AT: Final = 1000
#: Characters after ``http.request(`` in which its settings stand.
_SETTINGS: Final = 600
_REQUEST: Final = re.compile(r"\bhttp\.request\(")
_OTHER: Final = re.compile(r"\bform\.post\(|\brequire\(\s{0,5}(['\"])([^'\"\n]{1,100})\1")
_SETTING: Final = re.compile(
    r"['\"]?\b(endpoint|method|path)\b['\"]?\s{0,5}:\s{0,5}(['\"])([^'\"\n]{1,200})\2"
)


def calls_in(source: str) -> tuple[str, ...]:
    """Return a line for each call that *source* seems to make, in its order: ``GET /api/x on "Desk"``."""
    return tuple(dict.fromkeys(_calls(source)))[:_MOST_CALLS]


def _calls(source: str) -> Iterator[str]:
    for found in _OTHER.finditer(source):
        yield "form.post" if found[2] is None else f'library "{shown(found[2])}"'
    starts = [each.end() for each in _REQUEST.finditer(source)]
    for start, following in pairwise([*starts[:_MOST_LOOKED_AT], len(source)]):
        part = source[start : min(following, start + _SETTINGS)]
        settings = {name: shown(value) for name, _, value in reversed(_SETTING.findall(part))}
        # A path that is put together when the script runs is not there to be read.
        where = settings.get("path", "a path that is put together")
        yield f'{settings.get("method", "GET")} {where} on "{settings.get("endpoint", "?")}"'
