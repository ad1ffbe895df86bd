"""Follows the runs of the activity page: each event has rows of it, new ones and those that have changed."""

import json
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final

from fastapi.sse import format_sse_event

from deputize.domain.stored_entry import StoredEntry
from deputize.domain.stored_run import StoredRun
from deputize.errors import Refused, StoreUnavailable
from deputize.server.activity_query import ActivityQuery
from deputize.server.feed import Feed, Follower, write_place
from deputize.server.parts import ServerParts
from deputize.server.pulse import either
from deputize.use_cases.see_runs import see_runs
from deputize.use_cases.sessions import SignedIn, find_session

#: Seconds between two events: what comes meanwhile comes together.
_TOGETHER_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRuns:
    """What one browser follows."""

    parts: ServerParts
    signed_in: SignedIn
    query: ActivityQuery
    #: Returns the rows of runs as HTML.
    rows: Callable[[Sequence[StoredRun]], str]

    async def events(self, feed: Feed, follower: Follower) -> AsyncGenerator[bytes, None]:
        """Yield Server-Sent Events until the session is over, with their places in the feed as ``id``."""
        async with aclosing(feed.batches(follower)) as batches:
            async for entries in batches:
                if not await self._holds():
                    return
                if not entries:
                    yield b": still here\n\n"
                    continue
                try:
                    yield await self._event(entries)
                except (Refused, StoreUnavailable):
                    # Whoever comes back is told why.
                    return
                await either((self.parts.stopping,), seconds=_TOGETHER_SECONDS)

    async def _holds(self) -> bool:
        try:
            held = await find_session(
                self.parts.database, hashed=self.signed_in.session, source=self.signed_in.actor.source
            )
        except StoreUnavailable:
            return False
        return held is not None

    async def _event(self, entries: Sequence[StoredEntry]) -> bytes:
        ids = frozenset(str(each.document["run"]) for each in entries)
        wanted = self.query.wanted(self.parts.clock(), ids=ids)
        runs = await see_runs(
            self.parts.database, self.signed_in.actor, wanted=wanted, after=None, limit=len(ids)
        )
        refused = [run.id for run in runs if run.refusals or run.state == "DENIED"]
        data = json.dumps({"rows": self.rows(runs), "refused": refused})
        return format_sse_event(data_str=data, event="runs", id=write_place(entries[-1].place))
