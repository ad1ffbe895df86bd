"""Writes what was done into the audit stream, in the transaction that does it."""

from typing import Any
from uuid import uuid4

from deputize.domain.audit import AuditAction, AuditRecord
from deputize.store import Transaction
from deputize.use_cases.actor import Actor

__all__ = ["AuditAction", "note"]


async def note(tx: Transaction, actor: Actor, action: AuditAction, target: str, **detail: Any) -> None:
    """Keep that *actor* did *action* to *target*, such as ``plan:incidents``; *detail* holds no secret."""
    await tx.audit.add(
        AuditRecord(
            id=str(uuid4()),
            ts=tx.now,
            actor=actor.name,
            action=action,
            target=target,
            source=actor.source,
            detail=detail,
        )
    )
