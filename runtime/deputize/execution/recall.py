"""Goes on with a run: what an earlier attempt was told is told again, and not done again.

Theory of operation. The script is run from its beginning, with the seed, the moment and the constants of the
first attempt. What it asks the host is compared with the record, question by question, and the answers carry
the recorded moments; calls over HTTP are found by what they ask for, so that the order of those at the same
time does not matter. Lines of the log that stand in the stream are not written a second time. As soon as the
script asks for what the record does not have, it goes on for the first time. A script that asks for anything
else than before, or that ends before it has asked for everything, is not the same run any more, and is
stopped before it sends anything: nothing is known of what its calls would mean.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import JsonValue

from deputize.activity.entries import LogEntry
from deputize.activity.journal import CallIntent, JournalEntry
from deputize.domain.calls import CallKey
from deputize.execution.past import Past, PastCall
from deputize_sandbox import GuestCall

#: What of a line must be as it was.
_LINE: Final = frozenset({"level", "message", "fields", "truncated"})


class Diverged(Exception):
    """The script does not do again what it did before."""


class OutcomeUnknown(Exception):
    """Calls were under way when an earlier attempt ended, and may not be sent a second time."""

    def __init__(self, intents: Sequence[CallIntent]) -> None:
        super().__init__("; ".join(f"{each.method} {each.path}" for each in intents))
        self.intents = intents


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A call over HTTP that the script asks for."""

    key: CallKey
    #: Describes it, for people.
    describe: Callable[[], str]
    #: Whether it may be sent twice.
    repeatable: bool


class Recall:
    """The record that one attempt goes by; without a *past* it knows nothing, and everything is new."""

    def __init__(self, past: Past | None = None) -> None:
        self._entries = () if past is None else past.entries
        self._calls: dict[CallKey, PastCall] = {} if past is None else dict(past.calls)
        self._last_told = None if past is None else past.last_told
        self._lines = [] if past is None else list(past.lines)
        self._asked = 0
        self._logged = 0
        self._current: JournalEntry | None = None

    def turn(self, call: GuestCall) -> None:
        """Take the next question of the script. Raises ``Diverged`` where another one is recorded."""
        self._asked += 1
        self._current = self._entries[self._asked - 1] if self._asked <= len(self._entries) else None
        if self._current is None:
            return
        was, now = _question(self._current), _question(call)
        if was != now:
            raise Diverged(f"Its question {self._asked} to the host was\n- {was}\nand is now\n+ {now}")

    def now(self, clock: Callable[[], datetime]) -> datetime:
        """Return the moment of this answer: the recorded one, or what *clock* says."""
        return clock() if self._current is None else self._current.now

    def sleep(
        self, sleep: Callable[[float], Awaitable[None]], *, clock: Callable[[], datetime]
    ) -> Callable[[float], Awaitable[None]]:
        """Return *sleep*, but that it takes no time to sleep again.

        A sleep during which an earlier attempt may have ended counts from the moment at which the script was
        last told something, by *clock*: it ends no later than it would have.
        """

        async def sleeping(seconds: float) -> None:
            if self._current is not None:
                return
            rested = 0.0
            if self._last_told is not None and self._asked == len(self._entries) + 1:
                rested = max(0.0, (clock() - self._last_told).total_seconds())
            if seconds > rested:
                await sleep(seconds - rested)

        return sleeping

    @property
    def asked(self) -> int:
        """How many questions the script has asked, with the present one."""
        return self._asked

    @property
    def repeats(self) -> bool:
        """Whether the present question was answered before."""
        return self._current is not None

    def calls(self, wanted: Sequence[Wanted]) -> list[PastCall | None]:
        """Return what is recorded of each call of the present question, and take it from what is left.

        Raises ``Diverged`` when other calls are recorded of it, and ``OutcomeUnknown`` for one that may have
        been sent and may not be sent again.
        """
        keys = {each.key for each in wanted}
        gone = [past for key, past in self._of_question().items() if key not in keys]
        new = [each for each in wanted if each.key not in self._calls]
        if gone or (new and self.repeats):
            was = [f"- {each.intent.shown}" for each in gone]
            now = [f"+ {each.describe()}" for each in new]
            raise Diverged("\n".join([self._came_to, *was, *now]))
        found = [(each, self._calls.pop(each.key, None)) for each in wanted]
        in_doubt = [
            past.intent
            for each, past in found
            if past is not None and not (past.settled or (past.intent.repeatable and each.repeatable))
        ]
        if in_doubt:
            raise OutcomeUnknown(in_doubt)
        return [past for _, past in found]

    def answered(self) -> None:
        """Take it that the present question is answered. Raises ``Diverged`` for calls that it left out."""
        if left := self._of_question():
            was = [f"- {each.intent.shown}" for each in left.values()]
            raise Diverged("\n".join([self._came_to, *was]))

    @property
    def _came_to(self) -> str:
        return f"Its question {self._asked} to the host came to the calls"

    def _of_question(self) -> dict[CallKey, PastCall]:
        return {key: past for key, past in self._calls.items() if past.intent.question == self._asked}

    def is_written(self, line: LogEntry) -> bool:
        """Return whether *line* stands in the stream already. Raises ``Diverged`` where another one does."""
        if self._logged >= len(self._lines):
            return False
        was, now = _line(self._lines[self._logged]), _line(line.model_dump(mode="json"))
        self._logged += 1
        if was != now:
            raise Diverged(f"Line {self._logged} of its log was\n- {was}\nand is now\n+ {now}")
        return True

    def require_nothing_left(self) -> None:
        """Raise ``Diverged`` when the script has ended and did less than before."""
        left = [f"- {_question(each)}" for each in self._entries[self._asked :]]
        left += [f"- {each.intent.shown}" for each in self._calls.values()]
        left += [f"- {_line(each)}" for each in self._lines[self._logged :]]
        if left:
            raise Diverged("\n".join(["It ended, and did before:", *left]))


def _question(asked: JournalEntry | GuestCall) -> str:
    line = "" if asked.line is None else f" (line {asked.line})"
    return f"{asked.capability}.{asked.method}{line}"


def _line(document: Mapping[str, JsonValue]) -> str:
    shown = {name: value for name, value in document.items() if name in _LINE}
    return json.dumps(shown, ensure_ascii=False, sort_keys=True)
