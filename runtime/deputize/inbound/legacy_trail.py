"""Notes in the audit stream that a legacy integration is used: once a day for each."""

from datetime import timedelta
from typing import Final
from uuid import uuid4

from deputize.domain.audit import AuditAction, AuditRecord
from deputize.inbound.candidate import Judged
from deputize.store import Transaction

_AGAIN: Final = timedelta(days=1)
_ACTION: Final[AuditAction] = "legacy.used"
_UNKNOWN: Final = "unknown"


async def note_legacy_use(store: Transaction, judged: Judged, *, source: str | None) -> None:
    """Keep that the run of *judged* came of a legacy integration, unless that was noted within a day.

    Every use is a run, which is marked; the record says that there was one, and from what address.
    """
    if judged.terms is None:
        return
    target = f"integration:{judged.plan.name}/{judged.run.name}"
    if await store.audit.page(limit=1, action=_ACTION, target=target, since=store.now - _AGAIN):
        return
    await store.audit.add(
        AuditRecord(
            id=str(uuid4()),
            ts=store.now,
            actor=judged.terms.name or _UNKNOWN if judged.terms.authenticated else _UNKNOWN,
            action=_ACTION,
            target=target,
            source=source or _UNKNOWN,
            detail={"authenticated": judged.terms.authenticated, "as": judged.run.initiator.id},
        )
    )
