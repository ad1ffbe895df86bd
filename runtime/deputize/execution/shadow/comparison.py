"""Compares the answer that a call has had with the one that somebody else would have had.

What is found is told by places and numbers: no value of a body leaves this module.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pydantic import JsonValue

from deputize.domain.legacy import Verdict
from deputize_client import ReceivedResponse

#: Bytes of a body that is compared part by part.
MOST_BYTES: Final = 2 * 1024 * 1024
#: What says how long a list is, and the lists of pages, of both generations of the API.
_LENGTHS: Final = ("total", "count")
_LISTS: Final = ("data", "records")
#: Places that are told, and characters of each.
_TOLD: Final = 5
_LONGEST_PLACE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What would become of a call, and what that is about."""

    verdict: Verdict
    detail: Mapping[str, JsonValue] = field(default_factory=dict)


SAME: Final = Judgement(verdict="same")


def unknown(why: str) -> Judgement:
    """Return that nobody can tell, and *why*."""
    return Judgement(verdict="unknown", detail={"why": why})


def compare(now: ReceivedResponse, then: ReceivedResponse) -> Judgement:
    """Return how the answer *then* differs from that of *now*: refusals have been judged before."""
    if now.status_code != then.status_code:
        return differing_status(now.status_code, then.status_code)
    if now.content == then.content:
        return SAME
    if max(len(now.content), len(then.content)) > MOST_BYTES:
        return unknown("the answers differ, and are too long to be compared")
    try:
        before, after = json.loads(now.content), json.loads(then.content)
    except (ValueError, RecursionError):
        return Judgement(verdict="different", detail={"differs": [""]})
    return compare_values(before, after)


def differing_status(now: int, then: int) -> Judgement:
    """Return that another status would come: *then*, where *now* comes today."""
    return Judgement(verdict="different", detail={"status_now": now, "status_then": then})


def compare_values(now: JsonValue, then: JsonValue) -> Judgement:
    """Return how *then* differs from *now*: shorter where anything is missing in it."""
    differences = _Differences()
    try:
        differences.between(now, then, "")
    except RecursionError:
        return unknown("the answers are nested too deeply to be compared")
    if differences.shorter:
        return Judgement(verdict="shorter", detail={"shorter": differences.shorter[:_TOLD]})
    if differences.differs:
        told: list[JsonValue] = [*differences.differs[:_TOLD]]
        return Judgement(verdict="different", detail={"differs": told})
    return SAME


class _Differences:
    def __init__(self) -> None:
        #: Places at which something is missing, with how much there is now and would be then.
        self.shorter: list[JsonValue] = []
        #: Places at which something else would stand.
        self.differs: list[str] = []

    def between(self, now: JsonValue, then: JsonValue, at: str) -> None:
        match now, then:
            case dict(), dict():
                if not self._shorter_page(now, then, at):
                    self._objects(now, then, at)
            case list(), list():
                self._lists(now, then, at)
            case _:
                # In JSON, 1 and true are not the same.
                if now != then or isinstance(now, bool) is not isinstance(then, bool):
                    self.differs.append(at)

    def _shorter_page(self, now: Mapping[str, JsonValue], then: Mapping[str, JsonValue], at: str) -> bool:
        """Whether one is a page of which less would be seen; what it holds follows from that."""
        if not any(isinstance(now.get(name), list) for name in _LISTS):
            return False
        for name in _LENGTHS:
            before, after = now.get(name), then.get(name)
            if type(before) is int and type(after) is int and after < before:
                self._less(_below(at, name), before, after)
                return True
        return False

    def _objects(self, now: Mapping[str, JsonValue], then: Mapping[str, JsonValue], at: str) -> None:
        for name, value in now.items():
            place = _below(at, name)
            if name in then:
                self.between(value, then[name], place)
            else:
                self._less(place, 1, 0)
        self.differs += [_below(at, name) for name in then if name not in now]

    def _lists(self, now: list[JsonValue], then: list[JsonValue], at: str) -> None:
        if len(then) < len(now):
            self._less(at, len(now), len(then))
        elif len(then) > len(now):
            self.differs.append(at)
        else:
            for index, (before, after) in enumerate(zip(now, then, strict=True)):
                self.between(before, after, f"{at}/{index}")

    def _less(self, at: str, now: int, then: int) -> None:
        self.shorter.append({"at": at, "now": now, "then": then})


def _below(at: str, name: str) -> str:
    """Return the JSON Pointer to *name* in what is *at*."""
    return f"{at}/{name.replace('~', '~0').replace('/', '~1')}"[:_LONGEST_PLACE]
