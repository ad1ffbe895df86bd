"""Writes what was done into the audit stream, in the transaction that does it."""

from typing import Any, Literal, TypeAlias
from uuid import uuid4

from deputize.domain.audit import AuditRecord
from deputize.store import Transaction
from deputize.use_cases.actor import Actor

AuditAction: TypeAlias = Literal[
    "client.changed",
    "client.registered",
    "client.rotated",
    "constant.deleted",
    "constant.set",
    "endpoint.deleted",
    "endpoint.set",
    "form.changed",
    "integration.changed",
    "key.issued",
    "key.revoked",
    "key.rotated",
    "library.deleted",
    "library.set",
    "login.failed",
    "login.refused",
    "login.succeeded",
    "password.set",
    "plan.changed",
    "secret.deleted",
    "secret.set",
    "user.changed",
]


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
