"""What answers the calls of one run in a test beside its routes: the record of a bundle.

Theory of operation. A call is the recorded one if it is the same: endpoint, method, address, body, and the
headers that the script gave, each as the bundle has it. Equal calls get the recorded answers in their order.
What was answered to the initiator answers nobody else: for another user the record holds what service
accounts were answered, and the platform is the embedded one. The script's time is that of the record, one
moment for each answer, unless the test has set the time itself.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from deputize.activity.entries import ActivityEntry, Explain
from deputize.activity.journal import JournalExchange
from deputize.bundle import har
from deputize.bundle.difference import request_difference
from deputize.bundle.errors import RecordingRefused
from deputize.bundle.file import Bundle
from deputize.bundle.present import as_recorded
from deputize.domain.run import Run, RunState
from deputize.execution.journalling import read_back
from deputize.testing.bundles import RECORD_IT, RecordMode
from deputize.testing.clock import MovableClock
from deputize_client import CredentialMissing, Endpoint, Exchange, Record, SentRequest, TransportFailure

#: Lines of a difference that are told.
_MOST_LINES = 20


class Tape:
    """The record that one run is run against, and what was really sent for want of one."""

    def __init__(
        self,
        bundle: Bundle | None,
        *,
        path: Path,
        mode: RecordMode,
        user: str,
        clock: MovableClock,
        renamed: Mapping[str, str],
    ) -> None:
        """Take the *bundle* at *path*, None for one that is yet to be made, and who runs the script now.

        *renamed* are the ids that the bundle has of what has others now, by those of now.
        """
        self.bundle = bundle
        self.path = path
        self.mode = mode
        self._user = user
        self._clock = clock
        self._renamed = dict(renamed)
        #: Whose calls the bundle has.
        self._owner = user if bundle is None else bundle.run.initiator.id
        exchanges = [] if bundle is None or (mode == "all" and self.of_user) else self._recorded(bundle)
        self._kept = tuple(map(read_back, exchanges))
        self._record = Record(self._kept)
        self._explained = {(each.started, each.request.url): each.explain for each in exchanges}
        self._moments = iter([each.now for each in bundle.calls] if bundle is not None and exchanges else ())
        #: What was really sent, and what came.
        self.sent: list[Exchange] = []
        #: Calls that routes of the test have answered.
        self.by_routes: list[str] = []
        if clock.set_by_test:
            self._moments = iter(())
        elif bundle is not None:
            clock.show(bundle.head.now)

    @property
    def of_user(self) -> bool:
        """Whether the bundle is, or will be, a run of who runs the script now."""
        return self._owner == self._user

    @property
    def may_send(self) -> bool:
        """Whether a call without a record is really sent."""
        return self.mode != "none" and self.of_user

    def hear(self, entry: ActivityEntry) -> None:
        """Learn which run it is: the record knows it by the id of the recorded one."""
        if self.bundle is not None:
            self._renamed[entry.run] = self.bundle.run.id

    def take(self, endpoint: Endpoint, made: SentRequest) -> Exchange | None:
        """Return the recorded exchange that *made* gets; None without one."""
        return self._record.take(endpoint.name, self._as_recorded(endpoint, made))

    def explanation(self, exchange: Exchange) -> Explain | None:
        """Return why the platform refused what *exchange* asked for, as it said then."""
        return self._explained.get((exchange.started, exchange.request.url))

    def why_unanswered(self, endpoint: Endpoint, made: SentRequest) -> str:
        """Return why nothing of the bundle answers *made*, and what to do about that."""
        if not self.of_user:
            return (
                f"{self.path} is a run of {self._owner}: what {self._owner} was answered does not answer "
                f"{self._user}. Mock the call, or name a bundle of {self._user}'s own."
            )
        made = self._as_recorded(endpoint, made)
        wanted = (endpoint.name, made.method)
        alike = [each for each in self._kept if (each.endpoint, each.request.method) == wanted]
        same = [each for each in alike if each.request.url == made.url]
        if not same:
            others = ", ".join(dict.fromkeys(each.request.url for each in alike)) or "none"
            told = f"{self.path} has no record of it; {made.method} of that endpoint it has of: {others}."
        else:
            lines = request_difference(same[-1].request, made)[:_MOST_LINES]
            told = "\n    ".join([f"{self.path} has another record of that address:", *lines])
            if not lines:
                told = f"{self.path} has fewer records of it, or with other headers: {len(same)}."
        return f"{told}\nOr {RECORD_IT}"

    def moment(self) -> datetime:
        """Return what the script's clock shows from this answer on."""
        moment = next(self._moments, None)
        if moment is not None:
            self._clock.show(moment)
        return self._clock()

    async def sleep(self, seconds: float) -> None:
        """Let time pass for a script that sleeps: really, once the other side is a real one."""
        await self._clock.sleep(seconds)
        if self.sent:
            await asyncio.sleep(seconds)

    def is_to_be_written(self, run: Run) -> bool:
        """Tell whether *run* is the bundle from now on. Raises ``RecordingRefused`` where it cannot be."""
        fresh = self.bundle is None
        if not self.may_send or not (self.sent or fresh or (self.mode == "all" and not self.by_routes)):
            return False
        if self.by_routes:
            calls = ", ".join(dict.fromkeys(self.by_routes))
            self._refuse(f"a route of the test has answered {calls}. Take it out while you record")
        for exchange in self.sent:
            call = f"{exchange.request.method} {exchange.request.url}"
            match exchange.outcome:
                case CredentialMissing(reason=reason):
                    self._refuse(f"{call} was not sent. {reason.rstrip('.')}")
                case TransportFailure(message=message):
                    self._refuse(f"{call} got no answer. {message.rstrip('.')}")
        if run.state not in (RunState.COMPLETED, RunState.FAILED):
            self._refuse(f"the run is {run.state}: it did not end by itself")
        return True

    def _recorded(self, bundle: Bundle) -> list[JournalExchange]:
        """Return the exchanges that answer who runs the script now."""
        exchanges = map(har.exchange_of, bundle.har.log.entries)
        return [
            each
            for each in exchanges
            if each.missing is None and (self.of_user or each.sent_as != "initiator")
        ]

    def _as_recorded(self, endpoint: Endpoint, made: SentRequest) -> SentRequest:
        if self.bundle is None:
            return made
        return as_recorded(self.bundle, made, endpoint=endpoint, renamed=self._renamed)

    def _refuse(self, why: str) -> None:
        raise RecordingRefused(f"{self.path}: not written: {why}.")
