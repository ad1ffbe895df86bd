"""Finds many known texts in one and puts marks in their places."""

from collections.abc import Callable, Mapping
from typing import AnyStr, NamedTuple


class _Span(NamedTuple):
    start: int
    end: int
    #: Length of the longest single find in the span, which gives the span its name.
    longest: int
    name: str


def replace_known(
    text: AnyStr, known: Mapping[AnyStr, str], mark: Callable[[str], AnyStr]
) -> tuple[AnyStr, list[str]]:
    """Return *text* with every key of *known* replaced, and the names that were put in.

    Finds that overlap become one mark, named after the longest: nothing of either is left standing.
    """
    spans = [span for form, name in known.items() for span in _find(text, form, name)]
    if not spans:
        return text, []
    pieces: list[AnyStr] = []
    names: list[str] = []
    done = 0
    for span in _merged(sorted(spans)):
        pieces += [text[done : span.start], mark(span.name)]
        names.append(span.name)
        done = span.end
    pieces.append(text[done:])
    return text[:0].join(pieces), list(dict.fromkeys(names))


def _find(text: AnyStr, form: AnyStr, name: str) -> list[_Span]:
    """Return where *form* stands; a text that overlaps itself gives one span for the whole row."""
    spans: list[_Span] = []
    start = text.find(form)
    while start >= 0:
        end = start + len(form)
        if spans and start < spans[-1].end:
            spans[-1] = spans[-1]._replace(end=end)
        else:
            spans.append(_Span(start, end, len(form), name))
        start = text.find(form, start + 1)
    return spans


def _merged(spans: list[_Span]) -> list[_Span]:
    merged: list[_Span] = []
    for span in spans:
        if not merged or span.start >= merged[-1].end:
            merged.append(span)
            continue
        last = merged[-1]
        name = span.name if span.longest > last.longest else last.name
        merged[-1] = _Span(last.start, max(last.end, span.end), max(last.longest, span.longest), name)
    return merged
