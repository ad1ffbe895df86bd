"""Follows the activity of all runs: Server-Sent Events, or a line of JSON for each entry.

Theory of operation. What is sent is read from the database, never taken from memory: an entry is
committed before anybody sees it, and a follower who comes back with ``Last-Event-ID`` gets what has been
written meanwhile, once and in the same order. A pulse says when to look; without one, as when another
process has written, a look a second finds it. What a follower may see is asked for at every look.
"""

import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final

from fastapi.sse import format_sse_event
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from deputize.domain.stored_entry import EntryFilter, FeedPlace, StoredEntry
from deputize.errors import Refused, StoreUnavailable
from deputize.server.ascii_json import ascii_json
from deputize.server.parts import ServerParts
from deputize.server.problems import Misplaced, Problem
from deputize.server.pulse import either
from deputize.use_cases.actor import Actor
from deputize.use_cases.see_runs import end_of_activity, follow_activity

NDJSON: Final = "application/x-ndjson"
SSE: Final = "text/event-stream"

#: Seconds after which a follower that has got nothing is told that the connection lives.
KEEP_ALIVE_SECONDS: Final = 15.0
#: Seconds between two looks when nothing beats.
_LOOK_SECONDS: Final = 1.0
_BATCH: Final = 100
_DIGITS: Final = 18
#: Followers at once.
_MOST: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """Who follows, what, and from where on."""

    actor: Actor
    wanted: EntryFilter
    after: FeedPlace


class Feed:
    """The followers of a server."""

    def __init__(
        self, parts: ServerParts, *, keep_alive_seconds: float = KEEP_ALIVE_SECONDS, most: int = _MOST
    ) -> None:
        self._parts = parts
        self._keep_alive_seconds = keep_alive_seconds
        self._most = most
        self._followers = 0

    def begin(self, follower: Follower, *, kind: str) -> Response:
        """Return the answer to a follower, of the media type *kind*.

        Raises the 503 when there are as many as may be; until the answer has ended, it counts as one.
        """
        return self.begin_with(self.lines(follower) if kind == NDJSON else self.events(follower), kind=kind)

    def begin_with(self, body: AsyncGenerator[bytes, None], *, kind: str) -> Response:
        """Return the answer that goes on as *body* does, and counts as ``begin`` says."""
        if self._followers >= self._most:
            raise Problem(
                "TOO_MANY_FOLLOWERS",
                "As many as may be follow the activity already.",
                headers={"Retry-After": "5"},
            )
        self._followers += 1
        return _Following(body, kind=kind, on_end=self._one_less)

    def _one_less(self) -> None:
        self._followers -= 1

    async def events(self, follower: Follower) -> AsyncGenerator[bytes, None]:
        """Yield Server-Sent Events; ``id`` is what ``Last-Event-ID`` takes up again."""
        async with aclosing(self.batches(follower)) as batches:
            async for entries in batches:
                if not entries:
                    yield b": still here\n\n"
                for each in entries:
                    data = ascii_json(each.document).decode()
                    yield format_sse_event(data_str=data, event="entry", id=write_place(each.place))

    async def lines(self, follower: Follower) -> AsyncGenerator[bytes, None]:
        """Yield a line of JSON for each entry, and an empty one to show that the connection lives."""
        async with aclosing(self.batches(follower)) as batches:
            async for entries in batches:
                yield b"".join(ascii_json(each.document) + b"\n" for each in entries) or b"\n"

    async def batches(self, follower: Follower) -> AsyncGenerator[Sequence[StoredEntry], None]:
        """Yield what has come for the follower, and nothing to show that the connection lives."""
        try:
            async with aclosing(self._looks(follower)) as looks:
                async for entries in looks:
                    yield entries
        except (Refused, StoreUnavailable):
            # Nothing can be said any more but the end; whoever comes back is told why.
            return

    async def _looks(self, follower: Follower) -> AsyncGenerator[Sequence[StoredEntry], None]:
        place, shown = follower.after, time.monotonic()
        # The head of the answer goes out with the first bytes.
        yield ()
        while not self._parts.stopping.is_set():
            beat = self._parts.pulse.next
            end = await end_of_activity(self._parts.database, follower.actor)
            entries = await follow_activity(
                self._parts.database, follower.actor, wanted=follower.wanted, after=place, limit=_BATCH
            )
            if entries:
                place = entries[-1].place
            if len(entries) < _BATCH:
                # Up to the end that was there before, everything that is for the follower has been seen.
                place = max(place, end)
            if entries or time.monotonic() - shown >= self._keep_alive_seconds:
                yield entries
                shown = time.monotonic()
            if len(entries) < _BATCH:
                await either((beat, self._parts.stopping), seconds=_LOOK_SECONDS)


class _Following(StreamingResponse):
    """An answer without an end of its own."""

    def __init__(self, body: AsyncGenerator[bytes, None], *, kind: str, on_end: Callable[[], None]) -> None:
        # A proxy that collected what it passes on would hold entries back.
        super().__init__(body, media_type=kind, headers={"X-Accel-Buffering": "no"})
        self._on_end = on_end

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._on_end()


def write_place(place: FeedPlace) -> str:
    """Return *place* as the ``id`` of an event."""
    return f"{place.transaction}-{place.position}"


def read_place(text: str) -> FeedPlace:
    """Return the place that *text*, a ``Last-Event-ID``, stands for. Raises the 422 for none."""
    transaction, _, position = text.partition("-")
    if not all(
        each.isascii() and each.isdigit() and len(each) <= _DIGITS for each in (transaction, position)
    ):
        raise Problem(
            "INVALID",
            "One value of the request cannot be used; see errors.",
            faults=[
                Misplaced(place="header", name="Last-Event-ID", detail="No id of an event of this feed.")
            ],
        )
    return FeedPlace(transaction=int(transaction), position=int(position))
