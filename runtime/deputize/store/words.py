"""The words of an entry: what a search for a text looks at, and how it does."""

import re
from collections.abc import Iterator, Mapping

from pydantic import JsonValue
from sqlalchemy import ColumnElement, Dialect, func

#: Characters of an entry that a search looks at.
LIMIT = 4_000

#: Who and where, which has filters of its own.
_ENVELOPE = frozenset(
    {"id", "run", "seq", "ts", "level", "initiator", "script", "trace_id", "redacted", "truncated"}
)
#: What a text of the database cannot hold.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def words_of(document: Mapping[str, JsonValue]) -> str:
    """Return the texts of an entry in folded case, a space between each two."""
    own = {name: value for name, value in document.items() if name not in _ENVELOPE}
    taken: list[str] = []
    room = LIMIT
    for text in _texts(own):
        if room <= 0:
            break
        taken.append(text[:room])
        room -= len(text) + 1
    return folded(" ".join(taken))


def folded(text: str) -> str:
    """Return *text* as it is compared."""
    return _UNSTORABLE.sub("\ufffd", text.casefold())


def holds(words: ColumnElement[str], text: str, *, dialect: Dialect) -> ColumnElement[bool]:
    """Return whether *text*, folded, stands in *words* exactly; nothing in it is a wildcard."""
    find = func.instr if dialect.name == "sqlite" else func.strpos
    found: ColumnElement[bool] = find(words, text) > 0
    return found


def _texts(value: JsonValue) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for each in value.values():
                yield from _texts(each)
        case list():
            for each in value:
                yield from _texts(each)
        case _:
            return
