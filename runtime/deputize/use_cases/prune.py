"""Removes what need not be kept any longer, in batches, beside everything else.

Theory of operation. A batch is a transaction of its own and takes moments; the pause after it is as long, so
that whoever else writes gets their turn, in this process or in another. It may end at any point, and the next
time goes on. The first batch of a kind writes the audit record that says up to when everything of that kind
is removed, in the same transaction: nothing goes without it, the audit records neither.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from deputize.authorisation import decide_function
from deputize.domain.functions import ADMIN
from deputize.domain.retention import Retention, kept_since
from deputize.domain.run import RunState
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize.use_cases.errors import require
from deputize.use_cases.sessions import delete_ended_sessions

#: A run may have hundreds of entries.
_RUNS_AT_ONCE: Final = 100
_EVENTS_AT_ONCE: Final = 100
_RECORDS_AT_ONCE: Final = 1000
#: None of these is removed: they have not ended, or somebody has to say how they go on.
_STAY: Final = frozenset({RunState.QUEUED, RunState.RUNNING, RunState.INTERRUPTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    name: str
    #: None: for ever.
    days: int | None
    #: How many are removed at once.
    most: int
    #: Removes *most* of those from before a moment, and tells how many.
    delete: Callable[[Transaction, datetime], Awaitable[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """How many of each kind were removed."""

    runs: int
    denied: int
    events: int
    audit: int


async def prune(database: Database, actor: Actor, retention: Retention) -> Pruned:
    """Remove what *retention* does not keep, and what has expired; see the theory of operation."""

    async def expire(tx: Transaction) -> None:
        require(decide_function(await actor.standing(tx), ADMIN, what="remove what is old"))
        await tx.tokens.delete_expired(tx.now)
        await tx.idempotency.delete_expired(tx.now)
        await tx.signatures.delete_expired(tx.now)
        await tx.oauth.delete_ended(tx.now)
        await delete_ended_sessions(tx)

    await database.write(expire)
    removed = dict.fromkeys(("runs", "denied", "events", "audit"), 0)
    for state in sorted(set(RunState) - _STAY):
        kind = "denied" if state is RunState.DENIED else "runs"
        days = retention.denied_days if state is RunState.DENIED else retention.runs_days
        ended = _Kind(name=kind, days=days, most=_RUNS_AT_ONCE, delete=partial(_runs, state=state))
        removed[kind] += await _in_batches(database, actor, ended, noted=removed[kind] > 0)
    # Those of which a run is left stay, so the runs come first.
    closed = _Kind(name="events", days=retention.events_days, most=_EVENTS_AT_ONCE, delete=_events)
    removed["events"] = await _in_batches(database, actor, closed, noted=False)
    records = _Kind(name="audit", days=retention.audit_days, most=_RECORDS_AT_ONCE, delete=_records)
    removed["audit"] = await _in_batches(database, actor, records, noted=False)
    return Pruned(**removed)


async def _in_batches(database: Database, actor: Actor, kind: _Kind, *, noted: bool) -> int:
    days = kind.days
    if days is None:
        return 0
    removed = 0

    async def batch(tx: Transaction) -> int:
        before = kept_since(tx.now, days=days)
        deleted = await kind.delete(tx, before)
        if deleted and not (noted or removed):
            told = {"before": before.isoformat(), "days": days}
            await note(tx, actor, "retention.pruned", f"retention:{kind.name}", **told)
        return deleted

    while True:
        began = time.monotonic()
        deleted = await database.write(batch)
        removed += deleted
        if deleted < kind.most:
            return removed
        await asyncio.sleep(time.monotonic() - began)


async def _runs(tx: Transaction, before: datetime, *, state: RunState) -> int:
    return await tx.runs.delete_in(state, before=before, limit=_RUNS_AT_ONCE)


async def _events(tx: Transaction, before: datetime) -> int:
    return await tx.events.delete_ended(before, limit=_EVENTS_AT_ONCE)


async def _records(tx: Transaction, before: datetime) -> int:
    return await tx.audit.delete(before, limit=_RECORDS_AT_ONCE)
