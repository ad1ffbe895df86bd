"""The writer of one run's activity stream: numbered without gaps, redacted before anything is kept.

Theory of operation: ``append`` is synchronous and cheap; an entry is a value in memory as soon as it
returns. ``flush`` makes everything durable that was appended before it, through the sink. At most one
write is under way; it takes all that is pending, so that whoever waits meanwhile shares the next one. A
write is a task of its own: a caller who is cancelled leaves it running, and whoever comes next waits for
it, so that no entry is written twice or left out. What is not waited for (the lines of a log) becomes
durable within the fifth of a second by ``kept_current``. A write that fails leaves its entries pending;
the next ``flush`` tries again and raises. The records of the journal go with the entries, in one write.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from types import MappingProxyType
from typing import Protocol, TypeVar, cast
from uuid import uuid4

import structlog
from pydantic import JsonValue

from deputize.activity.entries import ActivityEntry, Initiator, Script
from deputize.activity.journal import JournalRecord
from deputize.activity.truncation import cut
from deputize_client import Redactor

E = TypeVar("E", bound=ActivityEntry)

Listener = Callable[[ActivityEntry], None]

#: Set by the writer alone; what a caller passes is the rest.
_ENVELOPE = frozenset({"id", "run", "seq", "ts", "initiator", "script", "trace_id", "redacted", "truncated"})
#: How long an entry that nobody waits for stays in memory only.
_DELAY_SECONDS = 0.15


class Sink(Protocol):
    """Where the entries of one run become durable, and the records of its journal."""

    async def write(self, entries: Sequence[ActivityEntry], journal: Sequence[JournalRecord]) -> None:
        """Keep both, which follow those before in their order; they are durable on return."""
        ...


class ActivityStream:
    """An append-only list of entries.

    Every value passes the redactor before it becomes an entry, so that neither a reader, a
    listener nor a log line sees a secret. Each entry is also emitted as one structlog event named
    after its kind, if the application has configured structlog; this library never does.

    *after* is the ``seq`` of the last entry that the run already has. Without a *sink* everything
    stays in memory.
    """

    def __init__(
        self,
        *,
        run: str,
        initiator: Initiator,
        script: Script,
        redactor: Redactor,
        clock: Callable[[], datetime],
        trace_id: str | None = None,
        after: int = 0,
        listener: Listener | None = None,
        sink: Sink | None = None,
    ) -> None:
        self.run = run
        self.trace_id = trace_id or uuid4().hex
        self._initiator = initiator
        self._script = script
        self._redactor = redactor
        self._clock = clock
        self._after = after
        self._listener = listener
        self._sink = sink
        self._entries: list[ActivityEntry] = []
        #: How many of the entries are durable.
        self._durable = 0
        #: Of the journal, what is not durable yet: it is long, and nobody reads it here.
        self._journal: list[JournalRecord] = []
        self._recorded = 0
        self._recorded_durable = 0
        self._writing: asyncio.Task[None] | None = None
        self._appended = asyncio.Event()

    @property
    def entries(self) -> tuple[ActivityEntry, ...]:
        """Everything written so far, in order of ``seq``."""
        return tuple(self._entries)

    @property
    def pending(self) -> tuple[ActivityEntry, ...]:
        """What is not durable yet, in order of ``seq``."""
        return tuple(self._entries[self._durable :])

    @property
    def unrecorded(self) -> tuple[JournalRecord, ...]:
        """What of the journal is not durable yet, in its order."""
        return tuple(self._journal)

    def record(self, record: JournalRecord) -> None:
        """Have *record* written into the journal, where there is a sink."""
        if self._sink is not None:
            self._journal.append(record)
            self._recorded += 1
            self._appended.set()

    def append_unless(
        self,
        is_written: Callable[[E], bool],
        kind: type[E],
        *,
        line: int | None = None,
        keep: Mapping[str, int] = MappingProxyType({}),
        **fields: JsonValue,
    ) -> None:
        """Write an entry as ``append`` does, unless *is_written* says that it stands there already."""
        entry = self._entry(kind, line=line, keep=keep, fields=fields)
        if not is_written(entry):
            self._keep(entry)

    def append(
        self,
        kind: type[E],
        *,
        line: int | None = None,
        keep: Mapping[str, int] = MappingProxyType({}),
        **fields: JsonValue,
    ) -> E:
        """Write one entry of model *kind* and return it as it was written.

        *fields* are the kind's own, as JSON; *line* is the line of the script that caused it; *keep*
        says by JSON Pointer how many bytes of a value are kept. A value is redacted before it is
        cut, so that no half of a secret is left at the end.
        Raises ``ValueError`` when the fields do not fit the kind: a fault of this product.
        """
        entry = self._entry(kind, line=line, keep=keep, fields=fields)
        self._keep(entry)
        return entry

    def _entry(
        self, kind: type[E], *, line: int | None, keep: Mapping[str, int], fields: dict[str, JsonValue]
    ) -> E:
        clean, redactions = self._redactor.redact_json(cast("JsonValue", fields))
        kept, truncated = cut(cast("dict[str, JsonValue]", clean), keep)
        return cast(
            "E",
            kind.model_validate(
                {
                    **kept,
                    "id": str(uuid4()),
                    "run": self.run,
                    "seq": self._after + len(self._entries) + 1,
                    "ts": self._clock(),
                    "initiator": self._initiator,
                    "script": self._script.model_copy(update={"line": line}),
                    "trace_id": self.trace_id,
                    "truncated": truncated,
                    "redacted": [{"path": redaction.path, "why": redaction.why} for redaction in redactions],
                }
            ),
        )

    def _keep(self, entry: ActivityEntry) -> None:
        self._entries.append(entry)
        self._appended.set()
        self._emit(entry)
        if self._listener is not None:
            self._listener(entry)

    async def flush(self) -> None:
        """Return when everything appended so far is durable. Raises what the sink raises."""
        wanted, recorded = len(self._entries), self._recorded
        while self._sink is not None and (self._durable < wanted or self._recorded_durable < recorded):
            await asyncio.shield(self._write(self._sink))

    async def settle(self) -> None:
        """Return when no write is under way; what it did not keep is pending."""
        while self._writing is not None and not self._writing.done():
            with suppress(Exception):  # the write that comes next says what is wrong
                await asyncio.shield(self._writing)

    @asynccontextmanager
    async def kept_current(self) -> AsyncIterator[None]:
        """While the context lasts, no entry stays in memory for longer than a moment."""
        if self._sink is None:
            yield
            return
        ended = asyncio.Event()
        keeping = asyncio.create_task(self._keep_current(ended))
        try:
            yield
        finally:
            ended.set()
            self._appended.set()
            await keeping

    def _write(self, sink: Sink) -> "asyncio.Task[None]":
        """Return the write that is under way, or begin one of all that is pending."""
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_pending(sink))
            self._writing.add_done_callback(_look_at)
        return self._writing

    async def _write_pending(self, sink: Sink) -> None:
        entries, journal = self.pending, self.unrecorded
        await sink.write(entries, journal)
        self._durable += len(entries)
        self._recorded_durable += len(journal)
        del self._journal[: len(journal)]

    async def _keep_current(self, ended: asyncio.Event) -> None:
        while not ended.is_set():
            await self._appended.wait()
            self._appended.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(_DELAY_SECONDS):
                    await ended.wait()
            if not ended.is_set():
                with suppress(Exception):  # the entries are pending still: the flush at the end raises
                    await self.flush()

    def _emit(self, entry: ActivityEntry) -> None:
        # Without a configuration structlog prints to stdout, which belongs to the application.
        if not structlog.is_configured():
            return
        details = entry.model_dump(mode="json", exclude=set(_ENVELOPE - {"seq"}) | {"kind", "level"})
        if "message" in details:
            details["text"] = details.pop("message")
        logger = structlog.get_logger("deputize").bind(
            run=entry.run,
            initiator=entry.initiator.id,
            script=entry.script.name,
            line=entry.script.line,
            trace_id=entry.trace_id,
        )
        getattr(logger, entry.level)(entry.kind, **details)


def _look_at(task: "asyncio.Task[None]") -> None:
    """Take notice of how *task* ended, though everybody who waited for it may have been cancelled."""
    if not task.cancelled():
        task.exception()
