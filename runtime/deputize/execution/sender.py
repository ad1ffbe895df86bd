"""Sends a call, and has it written into the stream and the journal."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from deputize.activity.entries import HttpExchange
from deputize.activity.journal import JournalExchange
from deputize.execution.journalling import journalled
from deputize.execution.observer import Observer
from deputize.execution.recorder import ExchangeRecorder
from deputize_client import Client, Exchange, OutboundRequest

#: Told an exchange and its entry, to write what belongs beside it.
Note = Callable[[Exchange, HttpExchange], None]


class Sender:
    """Makes the calls of one run as its initiator."""

    def __init__(
        self, *, client: Client, recorder: ExchangeRecorder, observer: Observer | None = None
    ) -> None:
        self._client = client
        self._recorder = recorder
        self._observer = observer
        self._exchanges: list[JournalExchange] = []
        #: Milliseconds during which the script waited for answers.
        self.waited_ms = 0.0

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Count the time of this context as waiting: calls at the same time count once."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.waited_ms += (time.monotonic() - began) * 1000

    async def send(self, request: OutboundRequest, *, line: int | None, note: Note | None = None) -> Exchange:
        """Return what came of *request*, which stands in the stream; *line* is the script's.

        A call that is broken off because the run ends leaves an entry that says so: it may have taken
        effect.
        """
        watched = None if self._observer is None else await self._observer.begin(request, line=line)
        try:
            exchange = await self._client.send(request)
        except asyncio.CancelledError:
            self._recorder.record_abandoned(request, line=line)
            raise
        if watched is not None:
            watched.ended(exchange)
        recorded = await self._recorder.record(exchange, line=line)
        self._exchanges.append(journalled(exchange, explain=recorded.explain))
        if note is not None and recorded.entry is not None:
            note(exchange, recorded.entry)
        return exchange

    def taken(self) -> tuple[JournalExchange, ...]:
        """Return the exchanges since the last question, in the order in which they began."""
        exchanges, self._exchanges = self._exchanges, []
        return tuple(sorted(exchanges, key=lambda each: each.started))
