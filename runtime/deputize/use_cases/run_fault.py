"""Tells whoever waited for a run why it did not come to its own end."""

from collections.abc import Mapping
from typing import Final

from pydantic import JsonValue

from deputize.domain.stored_run import StoredRun
from deputize.store import Transaction

#: Entries at the end of a stream among which the reason stands.
_LAST: Final = 10
#: The kinds of entries that say why, and which of their members is the stable code.
_CODES: Final[Mapping[str, str]] = {"error": "code", "limit.hit": "limit"}
_INTERRUPTED: Final = "run.interrupted"


async def run_fault(tx: Transaction, run: StoredRun) -> dict[str, JsonValue] | None:
    """Return ``code`` and ``message`` of what ended *run*; None for one that returned."""
    last = await tx.entries.last_seq(run.id)
    for entry in reversed(await tx.entries.of_run(run.id, after_seq=max(0, last - _LAST))):
        kind = str(entry.get("kind"))
        if kind in _CODES:
            return {"code": entry.get(_CODES[kind]), "message": entry.get("message")}
        if kind == _INTERRUPTED:
            return {"code": "INTERRUPTED", "message": entry.get("reason")}
    return None
