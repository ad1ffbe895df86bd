"""Shows the audit stream to who administers the deployment."""

from dataclasses import dataclass
from datetime import datetime

from deputize.authorisation import decide_function
from deputize.domain.audit import AuditRecord
from deputize.domain.functions import ADMIN
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.errors import require


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which records are wanted; what is None is not asked for."""

    actor: str | None = None
    action: str | None = None
    target: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def see_audit(
    database: Database, actor: Actor, *, wanted: AuditFilter, before: int | None, limit: int
) -> list[AuditRecord]:
    """Return records, the newest first, before a position."""

    async def work(tx: Transaction) -> list[AuditRecord]:
        require(decide_function(await actor.standing(tx), ADMIN, what="read the audit stream"))
        return await tx.audit.page(
            before=before,
            limit=limit,
            actor=wanted.actor,
            action=wanted.action,
            target=wanted.target,
            since=wanted.since,
            until=wanted.until,
        )

    return await database.read(work)
