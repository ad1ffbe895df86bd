"""Runs: accepted, claimed, ended, listed."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from pydantic import JsonValue
from sqlalchemy import Row, and_, delete, func, insert, literal, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.domain.attempt import Attempt
from deputize.domain.principal import Principal
from deputize.domain.run import RunState, RunUsage
from deputize.domain.start import INBOUND, SCHEDULE
from deputize.domain.stored_run import EVERY_RUN, EVERYTHING, RunCursor, RunFilter, StoredRun, Use, Visible
from deputize.store.jobs import Jobs
from deputize.store.rows import values_of
from deputize.store.run_conditions import conditions_of, held_by, waits
from deputize.store.tables import runs
from deputize.store.visibility import first_seen, seen

_ACTIVE = (RunState.QUEUED, RunState.RUNNING)
#: Ended, but not for good.
_RESUMABLE = (RunState.INTERRUPTED, RunState.POISONED)
#: Between these is every id, by whatever order a database compares texts: all have the same shape.
_LOWEST, _HIGHEST = "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"

#: Somebody has called, or changed an event.
_CALLED = (runs.c.replay_of.is_(None), runs.c.retry_of.is_(None))


class Runs:
    """Queries about runs. Where there are *jobs*, no run waits or is under way without its own."""

    def __init__(self, connection: AsyncConnection, jobs: Jobs | None = None) -> None:
        self._connection = connection
        self._jobs = jobs

    async def add(self, run: StoredRun) -> None:
        """Keep a new run, queued or already ended."""
        values = values_of(run)
        initiator = values.pop("initiator")
        values |= {
            "start": dict(run.start),
            "initiator_subject": initiator.subject,
            "initiator_id": initiator.id,
            "initiator_name": initiator.name,
            "initiator_via": initiator.via,
            "initiator_scope": initiator.scope,
        }
        await self._connection.execute(insert(runs).values(**values))
        if self._jobs is not None and run.state is RunState.QUEUED:
            await self._jobs.add(self._connection, run)

    async def get(self, run_id: str) -> StoredRun | None:
        """Return the run of that id."""
        row = (await self._connection.execute(select(runs).where(runs.c.id == run_id))).first()
        return None if row is None else _run(row)

    async def beginning(self, start: str, *, visible: Visible = EVERYTHING, limit: int) -> list[str]:
        """Return ids that begin with *start*: hexadecimal digits, and hyphens where ids have them."""
        first, last = start + _LOWEST[len(start) :], start + _HIGHEST[len(start) :]
        rows = await self._connection.scalars(
            select(runs.c.id)
            .where(runs.c.id.between(first, last), *seen(runs, visible))
            .order_by(runs.c.id)
            .limit(limit)
        )
        return list(rows)

    async def state(self, run_id: str) -> RunState | None:
        """Return where the run of that id stands, without the rest of it."""
        state = await self._connection.scalar(select(runs.c.state).where(runs.c.id == run_id))
        return None if state is None else RunState(state)

    async def claim(self, run_id: str, *, worker: str, at: datetime) -> StoredRun | None:
        """Have *worker* take up a run that waits, which nobody else does then.

        None when it does not wait, or its plan has enough under way.
        """
        if self._jobs is not None and not await self._jobs.take(self._connection, run_id, worker=worker):
            return None
        rows = await self._connection.execute(
            update(runs)
            .where(runs.c.id == run_id, waits(at))
            .values(
                state=RunState.RUNNING,
                started=func.coalesce(runs.c.started, literal(at, runs.c.started.type)),
                attempts=runs.c.attempts + 1,
                worker=worker,
            )
            .returning(runs)
        )
        row = rows.first()
        if row is None and self._jobs is not None and await self.state(run_id) not in _ACTIVE:
            # It ended while its job was being taken.
            await self._jobs.remove(self._connection, run_id)
        return None if row is None else _run(row)

    async def holds(self, attempt: Attempt) -> bool:
        """Return whether *attempt* is still the one that counts; it does until the transaction ends."""
        held = select(runs.c.id).where(*held_by(attempt)).with_for_update(key_share=True)
        return await self._connection.scalar(held) is not None

    async def counts(self, attempt: Attempt) -> bool:
        """Return whether *attempt* is the one that counts at this moment; a moment later it may not be."""
        return await self._connection.scalar(select(runs.c.id).where(*held_by(attempt))) is not None

    async def release(self, *, worker: str | None = None) -> list[StoredRun]:
        """Take from a *worker* that has died, or from every one, what it has under way, the oldest first.

        The attempts count no more, and whoever claims such a run goes on with it.
        """
        under_way = runs.c.worker.is_not(None) if worker is None else runs.c.worker == worker
        rows = await self._connection.execute(
            update(runs)
            .where(runs.c.state == RunState.RUNNING, under_way)
            .values(worker=None, lost=runs.c.lost + 1)
            .returning(runs)
        )
        if self._jobs is not None:
            await self._jobs.put_back_of(self._connection, worker=worker)
        return sorted((_run(row) for row in rows), key=lambda each: (each.queued, each.id))

    async def finish(
        self,
        run_id: str,
        *,
        state: RunState,
        at: datetime,
        by: Attempt | None = None,
        result: JsonValue = None,
        error: Mapping[str, JsonValue] | None = None,
        usage: RunUsage | None = None,
        calls: int = 0,
        refusals: int = 0,
    ) -> bool:
        """End a run that is queued or under way; return False, and change nothing, when it has ended.

        The same when it is *by* an attempt that counts no more.
        """
        fence = () if by is None else held_by(by)
        ended = await self._connection.execute(
            update(runs)
            .where(runs.c.id == run_id, runs.c.state.in_(_ACTIVE), *fence)
            .values(
                state=state,
                worker=None,
                finished=at,
                result=result,
                error=None if error is None else dict(error),
                usage=usage,
                calls=calls,
                refusals=refusals,
            )
        )
        if ended.rowcount and self._jobs is not None:
            await self._jobs.remove(self._connection, run_id)
        return ended.rowcount > 0

    async def hand_over(self, attempt: Attempt) -> bool:
        """Have a run be gone on with by whoever comes; return False when the *attempt* counts no more."""
        left = await self._connection.execute(update(runs).where(*held_by(attempt)).values(worker=None))
        if left.rowcount and self._jobs is not None:
            await self._jobs.put_back(self._connection, run_id=attempt.run_id)
        return left.rowcount > 0

    async def held(self, worker: str) -> list[StoredRun]:
        """Return what *worker* has under way, or believes that it has not."""
        rows = await self._connection.execute(
            select(runs).where(runs.c.worker == worker, runs.c.state == RunState.RUNNING)
        )
        return [_run(row) for row in rows]

    async def resume(self, run_id: str) -> StoredRun | None:
        """Have a run that was interrupted, or is poisoned, be gone on with; None for any other."""
        rows = await self._connection.execute(
            update(runs)
            .where(runs.c.id == run_id, runs.c.state.in_(_RESUMABLE))
            .values(
                state=RunState.RUNNING,
                worker=None,
                finished=None,
                lost=0,
                error=None,
                given_up=None,
                given_up_because=None,
            )
            .returning(runs)
        )
        row = rows.first()
        run = None if row is None else _run(row)
        if run is not None and self._jobs is not None:
            await self._jobs.add(self._connection, run)
        return run

    async def give_up(self, run_id: str, *, at: datetime, because: str) -> None:
        """Make a dead letter of a run that has failed."""
        await self._connection.execute(
            update(runs).where(runs.c.id == run_id).values(given_up=at, given_up_because=because)
        )

    async def see_to(self, run_id: str) -> bool:
        """Have a run be no dead letter any more; return whether it was one."""
        was = await self._connection.execute(
            update(runs)
            .where(runs.c.id == run_id, runs.c.given_up.is_not(None))
            .values(given_up=None, given_up_because=None)
        )
        return was.rowcount > 0

    async def taken_over(self, run_ids: Collection[str], *, worker: str) -> set[str]:
        """Return those of *run_ids* that another one than *worker* has under way."""
        another = (runs.c.state == RunState.RUNNING, runs.c.worker != worker)
        gone = select(runs.c.id).where(runs.c.id.in_(run_ids), *another)
        return set(await self._connection.scalars(gone))

    async def left(self, run_ids: Collection[str]) -> set[str]:
        """Return those of *run_ids* that were begun and nobody has: ended, or handed over."""
        handed_over = and_(runs.c.state == RunState.RUNNING, runs.c.worker.is_(None))
        left = or_(runs.c.state.not_in(_ACTIVE), handed_over)
        return set(await self._connection.scalars(select(runs.c.id).where(runs.c.id.in_(run_ids), left)))

    async def workers(self) -> set[str]:
        """Return who has runs under way."""
        busy = select(runs.c.worker).where(runs.c.worker.is_not(None)).distinct()
        return {each for each in await self._connection.scalars(busy) if each is not None}

    async def waiting(self, at: datetime, *, limit: int | None = None) -> list[str]:
        """Return the ids of runs that anybody may claim at that moment, the oldest first."""
        rows = await self._connection.scalars(
            select(runs.c.id).where(waits(at)).order_by(runs.c.queued, runs.c.id).limit(limit)
        )
        return list(rows)

    async def came(self, plan_id: str, *, denied: bool, since: datetime, limit: int) -> list[datetime]:
        """Return when a plan's inbound requests came after that moment, the last *limit* of them.

        They are those that were *denied*, or else those that were accepted.
        """
        judged = runs.c.state == RunState.DENIED if denied else runs.c.state != RunState.DENIED
        rows = await self._connection.scalars(
            select(runs.c.queued)
            .where(
                runs.c.plan_id == plan_id,
                runs.c.queued > since,
                runs.c.trigger == INBOUND,
                # Nobody has sent the request again.
                runs.c.retry_of.is_(None),
                judged,
            )
            .order_by(runs.c.queued.desc())
            .limit(limit)
        )
        return list(rows)

    async def uses(self, *, since: datetime) -> list[Use]:
        """Return who set which integration off, and how, with the runs since that moment; denied ones too.

        Neither a live replay, nor a retry, nor what a schedule sets off is a use: nobody has called.
        """
        whose = (runs.c.integration_id, runs.c.initiator_subject, runs.c.initiator_id, runs.c.initiator_via)
        rows = await self._connection.execute(
            select(*whose, func.count().label("times"), func.max(runs.c.queued).label("last"))
            .where(
                runs.c.integration_id.is_not(None),
                *_CALLED,
                runs.c.trigger != SCHEDULE,
                runs.c.queued >= since,
            )
            .group_by(*whose)
            .order_by(*whose)
        )
        return [
            Use(
                integration_id=row.integration_id,
                subject=row.initiator_subject,
                initiator=row.initiator_id,
                via=row.initiator_via,
                count=row.times,
                last=row.last,
            )
            for row in rows
        ]

    async def last_of_each(self) -> dict[str, datetime]:
        """Return when each integration that was ever set off was so last, replays and retries aside."""
        rows = await self._connection.execute(
            select(runs.c.integration_id, func.max(runs.c.queued))
            .where(runs.c.integration_id.is_not(None), *_CALLED)
            .group_by(runs.c.integration_id)
        )
        return {row[0]: row[1] for row in rows}

    async def count(self, state: RunState) -> int:
        """Return how many runs are in *state*."""
        counted = select(func.count()).select_from(runs).where(runs.c.state == state)
        return await self._connection.scalar(counted) or 0

    async def page(
        self,
        wanted: RunFilter = EVERY_RUN,
        *,
        visible: Visible = EVERYTHING,
        after: RunCursor | None = None,
        limit: int,
    ) -> list[StoredRun]:
        """Return runs, the newest first; *after* is the place of the last one of the page before."""
        conditions, newest = (
            conditions_of(wanted, dialect=self._connection.dialect),
            (runs.c.queued.desc(), runs.c.id.desc()),
        )
        if after is not None:
            conditions.append(tuple_(runs.c.queued, runs.c.id) < (after.queued, after.id))
        shown = first_seen(runs, runs.c.id, conditions, order=newest, visible=visible, limit=limit)
        rows = await self._connection.execute(select(runs).where(*shown).order_by(*newest).limit(limit))
        return [_run(row) for row in rows]

    async def part(self, wanted: RunFilter, *, offset: int, limit: int) -> list[StoredRun]:
        """Return runs, the newest first, without the first *offset* ones."""
        rows = await self._connection.execute(
            select(runs)
            .where(*conditions_of(wanted, dialect=self._connection.dialect))
            .order_by(runs.c.queued.desc(), runs.c.id.desc())
            .offset(offset)
            .limit(limit)
        )
        return [_run(row) for row in rows]

    async def matching(self, wanted: RunFilter) -> int:
        """Return how many runs are wanted."""
        counted = (
            select(func.count())
            .select_from(runs)
            .where(*conditions_of(wanted, dialect=self._connection.dialect))
        )
        return await self._connection.scalar(counted) or 0

    async def delete_ended(self, before: datetime, *, limit: int) -> int:
        """Remove runs that ended before that moment with their entries, *limit* at most; tell how many."""
        old = select(runs.c.id).where(runs.c.finished < before).order_by(runs.c.finished).limit(limit)
        deleted = await self._connection.execute(delete(runs).where(runs.c.id.in_(old)))
        return deleted.rowcount

    async def delete_in(self, state: RunState, *, before: datetime, limit: int) -> int:
        """Remove runs that ended in *state* before that moment as ``delete_ended`` does."""
        old = (
            select(runs.c.id)
            # What ended before was queued before: by that an index finds it.
            .where(runs.c.state == state, runs.c.queued < before, runs.c.finished < before)
            .order_by(runs.c.queued, runs.c.id)
            .limit(limit)
            # What another process removes at the moment is left to it.
            .with_for_update(skip_locked=True)
        )
        deleted = await self._connection.execute(delete(runs).where(runs.c.id.in_(old)))
        return deleted.rowcount


def _run(row: Row[Any]) -> StoredRun:
    values: dict[str, Any] = dict(row._mapping)  # noqa: SLF001 - public, whatever its name
    initiator = Principal(
        subject=values.pop("initiator_subject"),
        id=values.pop("initiator_id"),
        name=values.pop("initiator_name"),
        via=values.pop("initiator_via"),
        scope=values.pop("initiator_scope"),
    )
    return StoredRun(**values, initiator=initiator)
