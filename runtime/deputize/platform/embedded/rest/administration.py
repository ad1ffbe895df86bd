"""Writes what was administered over REST into the audit stream, in the transaction that does it."""

from uuid import uuid4

from pydantic import JsonValue

from deputize.domain.audit import AuditAction, AuditRecord
from deputize.platform.embedded.rest.call import Call


async def note(call: Call, action: AuditAction, target: str, **detail: JsonValue) -> None:
    """Keep that the actor did *action* to *target*, such as ``user:rob``. *detail* holds no secret."""
    client = call.request.client
    run = call.caller.run
    await call.store.audit.add(
        AuditRecord(
            id=str(uuid4()),
            ts=call.now,
            actor=call.actor.target_name,
            action=action,
            target=target,
            # A script is named by its run: its address is this machine's.
            source=f"run:{run.id}" if run is not None else "api" if client is None else client.host,
            detail=detail,
        )
    )
