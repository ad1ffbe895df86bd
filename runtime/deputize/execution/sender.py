"""Sends a call, and has it written down: before, that it will be sent, and then what came of it."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from pydantic import JsonValue

from deputize.activity.entries import HttpExchange
from deputize.activity.journal import CallIntent, CallOutcome, JournalExchange
from deputize.activity.stream import ActivityStream
from deputize.domain.calls import CallCounter, CallKey
from deputize.domain.decision import Explanation
from deputize.execution.journalling import journalled, read_back
from deputize.execution.observer import Observer
from deputize.execution.past import PastCall
from deputize.execution.recall import Recall, Wanted
from deputize.execution.recorder import ExchangeRecorder
from deputize_client import Client, Exchange, OutboundRequest, Redactor

#: Told an exchange and its entry, to write what belongs beside it.
Note = Callable[[Exchange, HttpExchange], None]

#: Methods of which sending twice is sending once.
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
#: Characters of a body that are kept before it is sent.
_SHOWN_BODY: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A call that the script asks for."""

    request: OutboundRequest
    #: What the script said, by which the call is found again.
    words: JsonValue
    #: What of that is sent as the body.
    body: JsonValue
    #: The line of the script.
    line: int | None
    #: Whether the other side tells a repetition of it, whatever it does with other calls.
    idempotent: bool = False


#: Sends one call, or tells again what came of it.
Sending = Callable[..., Awaitable[Exchange]]


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
        redactor: Redactor,
        idempotent: Collection[str] = (),
        durable: bool = False,
        observer: Observer | None = None,
    ) -> None:
        self._run = run
        self._client = client
        self._recorder = recorder
        self._stream = stream
        self._recall = recall
        self._redactor = redactor
        self._idempotent = idempotent
        self._durable = durable
        self._observer = observer
        self._counter = CallCounter()
        self._exchanges: list[JournalExchange] = []
        self._broken_off: list[Asked] = []
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

    async def send(self, asked: Asked, *, note: Note | None = None) -> Exchange:
        """Return what came of a call, which stands in the stream.

        Raises ``Diverged`` and ``OutcomeUnknown`` before anything is sent.
        """
        [sending] = self.prepare([asked])
        return await sending(note=note)

    def prepare(self, asked: Sequence[Asked]) -> list[Sending]:
        """Return what sends each of the calls of one question, in their order.

        Raises ``Diverged`` when other calls are recorded of the question, and ``OutcomeUnknown`` when one of
        them must not be sent; then none is.
        """
        keys = [self._counter.key(each.words) for each in asked]
        wanted = [
            Wanted(
                key=key,
                describe=partial(self._describe, each),
                repeatable=self._is_repeatable(each),
            )
            for key, each in zip(keys, asked, strict=True)
        ]
        return [
            partial(self._perform, each, key, past)
            for each, key, past in zip(asked, keys, self._recall.calls(wanted), strict=True)
        ]

    def taken(self) -> tuple[JournalExchange, ...]:
        """Return the exchanges since the last question, in the order in which they began."""
        exchanges, self._exchanges = self._exchanges, []
        return tuple(sorted(exchanges, key=lambda each: each.started))

    async def kept(self) -> None:
        """Return when what came of the calls so far is durable."""
        await self._stream.flush()

    def write_broken_off(self) -> None:
        """Write, of a run that has ended, which calls it ended during: they may have taken effect.

        Not where another worker goes on with it, and knows of them by their intents.
        """
        for each in self._broken_off:
            self._recorder.record_abandoned(each.request, line=each.line)
        self._broken_off.clear()

    async def _perform(
        self, asked: Asked, key: CallKey, past: PastCall | None, *, note: Note | None = None
    ) -> Exchange:
        if past is not None and past.outcome is not None:
            self._recorder.recall(past.outcome)
            self._exchanges.append(past.outcome)
            return read_back(past.outcome)
        if past is not None and past.known == "sent" and not self._is_repeatable(asked):
            lost = self._client.lost(self._keyed(asked, key))
            return await self._record(lost, key, line=asked.line, note=note)
        await self._intend(asked, key)
        return await self._record(await self._made(asked, key), key, line=asked.line, note=note)

    def _describe(self, asked: Asked) -> str:
        request = asked.request
        return f"{request.method.upper()} {self._path(asked)} {self._body(asked)}".rstrip()

    def _path(self, asked: Asked) -> str:
        clean, _ = self._redactor.redact_text(asked.request.path)
        return clean

    def _body(self, asked: Asked) -> str:
        clean, _ = self._redactor.redact_json(asked.body)
        text = "" if clean is None else json.dumps(clean, ensure_ascii=False, sort_keys=True)
        return text if len(text) <= _SHOWN_BODY else f"{text[:_SHOWN_BODY]}…"

    def _is_repeatable(self, asked: Asked) -> bool:
        return asked.request.method.upper() in _SAFE or self._is_told(asked)

    def _is_told(self, asked: Asked) -> bool:
        return asked.idempotent or asked.request.endpoint in self._idempotent

    async def _intend(self, asked: Asked, key: CallKey) -> None:
        if not self._durable:
            return
        request = asked.request
        self._stream.record(
            CallIntent(
                fingerprint=key.fingerprint,
                occurrence=key.occurrence,
                question=self._recall.asked,
                endpoint=request.endpoint,
                method=request.method.upper(),
                path=self._path(asked),
                body=self._body(asked),
                line=asked.line,
                repeatable=self._is_repeatable(asked),
            )
        )
        await self._stream.flush()

    def _keyed(self, asked: Asked, key: CallKey) -> OutboundRequest:
        """Return the request with an ``Idempotency-Key``, where that means something and it has none."""
        request = asked.request
        given = {name.lower() for name, _ in request.headers}
        if not self._is_told(asked) or request.method.upper() in _SAFE or "idempotency-key" in given:
            return request
        value = f"{self._run}-{key.fingerprint[:16]}-{key.occurrence}"
        return replace(request, headers=(*request.headers, ("Idempotency-Key", value)))

    async def _made(self, asked: Asked, key: CallKey) -> Exchange:
        """Make the call; that one was broken off is remembered."""
        request = self._keyed(asked, key)
        watched = None if self._observer is None else await self._observer.begin(request, line=asked.line)
        try:
            exchange = await self._client.send(request)
        except asyncio.CancelledError:
            self._broken_off.append(asked)
            raise
        if watched is not None:
            watched.ended(exchange)
        return exchange

    async def _record(
        self, exchange: Exchange, key: CallKey, *, line: int | None, note: Note | None
    ) -> Exchange:
        explanation = None
        try:
            # Asked for before anything is written, so that its entries stand side by side.
            explanation = await self._recorder.explanation(exchange)
        finally:
            # Also when the run ends meanwhile: the call was made.
            self._write(exchange, key, explanation, line=line, note=note)
        return exchange

    def _write(
        self,
        exchange: Exchange,
        key: CallKey,
        explanation: Explanation | None,
        *,
        line: int | None,
        note: Note | None,
    ) -> None:
        """Write the entries and the outcome, which become durable together: nothing here waits."""
        recorded = self._recorder.record(exchange, explanation, line=line)
        kept = journalled(exchange, explain=recorded.explain)
        self._exchanges.append(kept)
        if note is not None and recorded.entry is not None:
            note(exchange, recorded.entry)
        if self._durable:
            self._stream.record(
                CallOutcome(fingerprint=key.fingerprint, occurrence=key.occurrence, exchange=kept)
            )
