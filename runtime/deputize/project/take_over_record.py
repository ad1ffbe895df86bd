"""Writes into the audit stream what of a project file was taken over."""

from collections.abc import Sequence
from typing import Final
from uuid import uuid4

from pydantic import JsonValue

from deputize.domain.audit import AuditAction, AuditRecord
from deputize.domain.integration import Integration
from deputize.store import Transaction

_ACTION: Final[AuditAction] = "project.applied"
_CHANGED: Final[AuditAction] = "integration.changed"
#: Sections that a record names of each list; of more it has the number.
_MOST: Final = 500


async def note_take_over(
    tx: Transaction, *, taken_over: Sequence[tuple[str, str]], withdrawn: Sequence[tuple[str, str]]
) -> None:
    """Keep which sections, by kind and name, the operator's file changed; nothing when it changed none."""
    if not taken_over and not withdrawn:
        return
    await tx.audit.add(
        AuditRecord(
            id=str(uuid4()),
            ts=tx.now,
            # Whoever writes the file operates the deployment.
            actor="operator",
            action=_ACTION,
            target="project:deputize.toml",
            source="project",
            detail={"taken_over": _named(taken_over), "withdrawn": _named(withdrawn)},
        )
    )


async def note_end_of_legacy(tx: Transaction, integration: Integration, *, where: str) -> None:
    """Keep that the file has given a legacy *integration*, ``PLAN/NAME``, a method."""
    await tx.audit.add(
        AuditRecord(
            id=str(uuid4()),
            ts=tx.now,
            actor="operator",
            action=_CHANGED,
            target=f"integration:{where}",
            source="project",
            detail={"method": integration.method, "legacy": False},
        )
    )


def _named(sections: Sequence[tuple[str, str]]) -> JsonValue:
    named: list[JsonValue] = [f"{kind} {name.removeprefix('/')}" for kind, name in sections[:_MOST]]
    more = len(sections) - _MOST
    return [*named, f"and {more} more"] if more > 0 else named
