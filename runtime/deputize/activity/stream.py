"""The writer of one run's activity stream: numbered without gaps, redacted before anything is kept."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TypeVar, cast
from uuid import uuid4

import structlog
from pydantic import JsonValue

from deputize.activity.entries import ActivityEntry, Initiator, Script
from deputize.activity.truncation import cut
from deputize_client import Redactor

E = TypeVar("E", bound=ActivityEntry)

Listener = Callable[[ActivityEntry], None]

#: Set by the writer alone; what a caller passes is the rest.
_ENVELOPE = frozenset({"id", "run", "seq", "ts", "initiator", "script", "trace_id", "redacted", "truncated"})


class ActivityStream:
    """An append-only list of entries.

    Every value passes the redactor before it becomes an entry, so that neither a reader, a
    listener nor a log line sees a secret. Each entry is also emitted as one structlog event named
    after its kind, if the application has configured structlog; this library never does.
    """

    def __init__(
        self,
        *,
        run: str,
        initiator: Initiator,
        script: Script,
        redactor: Redactor,
        clock: Callable[[], datetime],
        listener: Listener | None = None,
    ) -> None:
        self.run = run
        self.trace_id = uuid4().hex
        self._initiator = initiator
        self._script = script
        self._redactor = redactor
        self._clock = clock
        self._listener = listener
        self._entries: list[ActivityEntry] = []

    @property
    def entries(self) -> tuple[ActivityEntry, ...]:
        """Everything written so far, in order of ``seq``."""
        return tuple(self._entries)

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
        clean, redactions = self._redactor.redact_json(cast("JsonValue", fields))
        kept, truncated = cut(cast("dict[str, JsonValue]", clean), keep)
        entry = cast(
            "E",
            kind.model_validate(
                {
                    **kept,
                    "id": str(uuid4()),
                    "run": self.run,
                    "seq": len(self._entries) + 1,
                    "ts": self._clock(),
                    "initiator": self._initiator,
                    "script": self._script.model_copy(update={"line": line}),
                    "trace_id": self.trace_id,
                    "truncated": truncated,
                    "redacted": [{"path": redaction.path, "why": redaction.why} for redaction in redactions],
                }
            ),
        )
        self._entries.append(entry)
        self._emit(entry)
        if self._listener is not None:
            self._listener(entry)
        return entry

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
