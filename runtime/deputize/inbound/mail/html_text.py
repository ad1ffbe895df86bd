"""HTML without its tags, for a message that has no plain text.

The standard library's parser takes minutes for a tag that is never closed, repeated. Here each character
is looked at once; what is no sound HTML loses some of its text, and no time.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Final

#: What is inside is not shown to anybody.
_HIDDEN: Final = ("script", "style", "head", "title")
#: A line ends where one of these begins or ends.
_BLOCKS: Final = frozenset(
    "address blockquote br dd div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre section table tr ul".split()
)
_TAG: Final = re.compile(r"/?([a-z][a-z0-9]*)")
_SPACES: Final = re.compile(r"[ \t\n\f\r\xa0]+")
_BLANK_LINES: Final = re.compile(r"\n{3,}")


def plain_text(html: str) -> str:
    """Return the text of *html*, a line to a block."""
    lines = "".join(_pieces(html)).split("\n")
    return _BLANK_LINES.sub("\n\n", "\n".join(each.strip() for each in lines)).strip()


def _pieces(html: str) -> Iterator[str]:
    folded = html.lower() if html.isascii() else "".join(_lower(each) for each in html)
    at = 0
    while at < len(html):
        start = html.find("<", at)
        if start < 0:
            yield _shown(html[at:])
            return
        yield _shown(html[at:start])
        if html.startswith("<!--", start):
            at = _after(folded, "-->", start)
            continue
        end = html.find(">", start)
        if end < 0:
            return
        found = _TAG.match(folded, start + 1, end)
        name = "" if found is None else found[1]
        if name in _HIDDEN and folded[start + 1] != "/":
            at = _after(folded, f"</{name}", end)
            at = at if at >= len(html) else _after(folded, ">", at)
            continue
        if name in _BLOCKS:
            yield "\n"
        at = end + 1


def _after(text: str, wanted: str, start: int) -> int:
    """Return the place after the next *wanted*; the end of *text* where there is none."""
    found = text.find(wanted, start)
    return len(text) if found < 0 else found + len(wanted)


def _lower(character: str) -> str:
    """Return *character* in lower case where that is one character as well: places stay where they are."""
    lower = character.lower()
    return lower if len(lower) == 1 else character


def _shown(text: str) -> str:
    return _SPACES.sub(" ", unescape(text))
