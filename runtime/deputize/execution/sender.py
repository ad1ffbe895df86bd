"""Sends a call, and has it written down: before, that it will be sent, and then what came of it."""

import asyncio
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from pydantic import JsonValue

from deputize.activity.entries import HttpExchange
from deputize.activity.journal import CallIntent, CallOutcome, JournalExchange
from deputize.activity.stream import ActivityStream
from deputize.domain.calls import CallCounter, CallKey
from deputize.execution.journalling import journalled, read_back
from deputize.execution.observer import Observer
from deputize.execution.past import PastCall
from deputize.execution.recall import Recall
from deputize.execution.recorder import ExchangeRecorder
from deputize_client import Client, Exchange, OutboundRequest, SentRequest, TransportFailure

#: Told an exchange and its entry, to write what belongs beside it.
Note = Callable[[Exchange, HttpExchange], None]

#: Methods of which sending twice is sending once.
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_LOST = (
    "The call was sent before the process that this run was in ended, and its answer is lost. "
    "An operator says so; whether it took effect, the other side knows."
)


class Sender:
    """Makes the calls of one run as its initiator, but for those that an earlier attempt has made.

    *idempotent* are the endpoints that tell a repeated call by its ``Idempotency-Key``, which begins with the
    id of the *run*. Intents are kept where the *stream* outlives the process: *durable*.
    """

    def __init__(
        self,
        *,
        run: str,
        client: Client,
        recorder: ExchangeRecorder,
        stream: ActivityStream,
        recall: Recall,
        idempotent: Collection[str] = (),
        durable: bool = False,
        observer: Observer | None = None,
    ) -> None:
        self._run = run
        self._client = client
        self._recorder = recorder
        self._stream = stream
        self._recall = recall
        self._idempotent = idempotent
        self._durable = durable
        self._observer = observer
        self._counter = CallCounter()
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

    async def send(
        self, request: OutboundRequest, *, asked: JsonValue, line: int | None, note: Note | None = None
    ) -> Exchange:
        """Return what came of *request*, which stands in the stream; *line* is the script's.

        *asked* is what the script said. Raises ``OutcomeUnknown`` before anything is sent.
        """
        [sending] = self.prepare([asked])
        return await sending(request, line=line, note=note)

    def prepare(self, asked: Sequence[JsonValue]) -> "list[Sending]":
        """Return what sends each of the calls for which the script *asked*, in their order.

        Raises ``OutcomeUnknown`` when one of them must not be sent; then none is.
        """
        keys = [self._counter.key(each) for each in asked]
        return [Sending(self, key, self._recall.before(key)) for key in keys]

    def taken(self) -> tuple[JournalExchange, ...]:
        """Return the exchanges since the last question, in the order in which they began."""
        exchanges, self._exchanges = self._exchanges, []
        return tuple(sorted(exchanges, key=lambda each: each.started))

    async def kept(self) -> None:
        """Return when what came of the calls so far is durable."""
        await self._stream.flush()

    async def _perform(
        self,
        request: OutboundRequest,
        key: CallKey,
        past: PastCall | None,
        *,
        line: int | None,
        note: Note | None,
    ) -> Exchange:
        if past is not None and past.outcome is not None:
            self._recorder.recall(past.outcome)
            self._exchanges.append(past.outcome)
            return read_back(past.outcome)
        if past is not None and past.known == "sent":
            return await self._record(_lost(past.intent), key, line=line, note=note)
        repeatable = request.method.upper() in _SAFE or request.endpoint in self._idempotent
        await self._intend(request, key, line=line, repeatable=repeatable)
        exchange = await self._made(self._keyed(request, key), line)
        return await self._record(exchange, key, line=line, note=note)

    async def _intend(
        self, request: OutboundRequest, key: CallKey, *, line: int | None, repeatable: bool
    ) -> None:
        if not self._durable:
            return
        self._stream.record(
            CallIntent(
                fingerprint=key.fingerprint,
                occurrence=key.occurrence,
                endpoint=request.endpoint,
                method=request.method.upper(),
                path=request.path,
                line=line,
                repeatable=repeatable,
            )
        )
        await self._stream.flush()

    def _keyed(self, request: OutboundRequest, key: CallKey) -> OutboundRequest:
        """Return *request* with an ``Idempotency-Key``, where that means something and it has none."""
        given = {name.lower() for name, _ in request.headers}
        if (
            request.endpoint not in self._idempotent
            or request.method.upper() in _SAFE
            or "idempotency-key" in given
        ):
            return request
        value = f"{self._run}-{key.fingerprint[:16]}-{key.occurrence}"
        return replace(request, headers=(*request.headers, ("Idempotency-Key", value)))

    async def _made(self, request: OutboundRequest, line: int | None) -> Exchange:
        """Make the call; one that is broken off leaves an entry, for it may have taken effect."""
        watched = None if self._observer is None else await self._observer.begin(request, line=line)
        try:
            exchange = await self._client.send(request)
        except asyncio.CancelledError:
            self._recorder.record_abandoned(request, line=line)
            raise
        if watched is not None:
            watched.ended(exchange)
        return exchange

    async def _record(
        self, exchange: Exchange, key: CallKey, *, line: int | None, note: Note | None
    ) -> Exchange:
        recorded = await self._recorder.record(exchange, line=line)
        # Without a pause from here on: the entries and the outcome become durable together.
        kept = journalled(exchange, explain=recorded.explain)
        self._exchanges.append(kept)
        if note is not None and recorded.entry is not None:
            note(exchange, recorded.entry)
        if self._durable:
            self._stream.record(
                CallOutcome(fingerprint=key.fingerprint, occurrence=key.occurrence, exchange=kept)
            )
        return exchange


class Sending:
    """Sends one call, or tells again what came of it."""

    def __init__(self, sender: Sender, key: CallKey, past: PastCall | None) -> None:
        self._sender = sender
        self._key = key
        self._past = past

    async def __call__(
        self, request: OutboundRequest, *, line: int | None, note: Note | None = None
    ) -> Exchange:
        """Return what came of *request*."""
        return await self._sender._perform(request, self._key, self._past, line=line, note=note)  # noqa: SLF001 - a part of it


def _lost(intent: CallIntent) -> Exchange:
    return Exchange(
        endpoint=intent.endpoint,
        sent_as="initiator",
        request=SentRequest(method=intent.method, url=intent.path),
        outcome=TransportFailure(cause="read", message=_LOST),
        started=time.time(),
        elapsed_ms=0.0,
    )
