"""What is said of calls that no route answers: where they were made, and the line that allows them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from deputize.activity.entries import ActivityEntry, HttpExchange
from deputize.testing.routes import EndpointRoute

#: Below it a route is nothing like the call.
_ALIKE: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """A call that no route answered."""

    endpoint: str
    method: str
    #: Below the endpoint's base URL, without the query.
    path: str
    query: str
    url: str
    #: Why the bundle of the run does not answer it, and what to do about that; empty for a run without one.
    record: str = ""

    @property
    def shown(self) -> str:
        """The call as a person names it: ``GET groups /groups/oncall``."""
        return f"{self.method} {self.endpoint} {self.path}{self.query and '?'}{self.query}"

    @property
    def line(self) -> str:
        """The line of a test that allows it."""
        verb = self.method.lower()
        return f'deputize_mock.endpoint("{self.endpoint}").{verb}("{self.path}").respond(json=…)'


def explain_unanswered(
    calls: Sequence[Unanswered],
    *,
    streams: Iterable[tuple[str, Sequence[ActivityEntry]]],
    routes: Sequence[EndpointRoute],
) -> str:
    """Return the message for *calls*.

    *streams* are entries of runs, each with the file of the script: they know the lines. *routes* are those
    that are mocked.
    """
    placed = [(file, each) for file, entries in streams for each in entries]
    told = []
    for call in dict.fromkeys(calls):
        place = next((_place(each, file) for file, each in placed if is_of(each, call)), "")
        near = _nearest(call, routes)
        told.append(
            f"{call.shown}{place}\nNetwork is blocked in tests.{near} To allow this call add\n    {call.line}"
            + (f"\n{call.record}" if call.record else "")
        )
    return "\n".join(told)


def is_of(entry: ActivityEntry, call: Unanswered) -> bool:
    """Return whether *entry* tells of *call*."""
    if not isinstance(entry, HttpExchange) or entry.error is None:
        return False
    return (entry.endpoint, entry.request.method, entry.request.url) == (call.endpoint, call.method, call.url)


def _place(entry: ActivityEntry, file: str) -> str:
    return "" if entry.script.line is None else f"       {file}:{entry.script.line}"


def _nearest(call: Unanswered, routes: Sequence[EndpointRoute]) -> str:
    wanted = f"{call.endpoint} {call.method} {call.path}"
    scored = [(SequenceMatcher(None, wanted, each.shown).ratio(), each) for each in routes]
    score, route = max(scored, key=lambda each: each[0], default=(0.0, None))
    if route is None or score < _ALIKE:
        return ""
    return f" Nearest route: {route.shown} ({route.declared})."
