"""Sends a call, and lets nobody have the answer before it stands in the stream."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from deputize.activity.entries import HttpExchange
from deputize.activity.stream import ActivityStream
from deputize.execution.observer import Observer
from deputize.execution.recorder import ExchangeRecorder
from deputize_client import BoundClient, Exchange, OutboundRequest

#: Told an exchange and its entry, to write what belongs beside it.
Note = Callable[[Exchange, HttpExchange], None]


class Sender:
    """Makes the calls of one run as its initiator."""

    def __init__(
        self,
        *,
        client: BoundClient,
        recorder: ExchangeRecorder,
        stream: ActivityStream,
        observer: Observer | None = None,
    ) -> None:
        self._client = client
        self._recorder = recorder
        self._stream = stream
        self._observer = observer
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
        """Return what came of *request* once its entries are durable; *line* is the script's.

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
        written = await self._recorder.record(exchange, line=line)
        if note is not None and written is not None:
            note(exchange, written)
        await self._stream.flush()
        return exchange
