"""Shows runs and their activity to who may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from deputize.domain.stored_entry import EntryFilter, FeedPlace, StoredEntry
from deputize.domain.stored_run import RunCursor, RunFilter, StoredRun
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.errors import NotFound
from deputize.use_cases.visibility import require_sight, visible_to

Entry = dict[str, JsonValue]

#: Replays of a run that are told with it; the list of runs has all.
_MOST_REPLAYS: Final = 100


async def see_runs(
    database: Database, actor: Actor, *, wanted: RunFilter, after: RunCursor | None, limit: int
) -> list[StoredRun]:
    """Return runs, the newest first; *after* is the place of the last one of the page before."""

    async def work(tx: Transaction) -> list[StoredRun]:
        visible = await visible_to(tx, await actor.standing(tx))
        return await tx.runs.page(wanted, visible=visible, after=after, limit=limit)

    return await database.read(work)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRun:
    """A run, and what is told with it."""

    run: StoredRun
    #: The entries of its refusals.
    refusals: Sequence[Entry]
    #: The ids of its live replays, of those that the actor sees, the newest first.
    replays: Sequence[str]
    #: The ids of the runs that try it again.
    retries: Sequence[str]


async def see_run(database: Database, actor: Actor, *, run_id: str) -> SeenRun:
    """Return the run of that id, the entries of its refusals, its live replays and its retries."""

    async def work(tx: Transaction) -> SeenRun:
        run = await _seen(tx, actor, run_id)
        entries = await tx.entries.of_run(run.id) if run.refusals else []
        visible = await visible_to(tx, await actor.standing(tx))
        replays = await tx.runs.page(RunFilter(replay_of=run.id), visible=visible, limit=_MOST_REPLAYS)
        retries = await tx.runs.page(RunFilter(retry_of=run.id), visible=visible, limit=_MOST_REPLAYS)
        return SeenRun(
            run=run,
            refusals=[each for each in entries if each["kind"] == "permission.denied"],
            # Tries of a replay are told with the replay.
            replays=[each.id for each in replays if each.retry_of is None],
            retries=[each.id for each in retries],
        )

    return await database.read(work)


async def see_run_activity(
    database: Database, actor: Actor, *, run_id: str, after_seq: int, limit: int
) -> list[Entry]:
    """Return entries of one run after *after_seq*, in their order."""

    async def work(tx: Transaction) -> list[Entry]:
        run = await _seen(tx, actor, run_id)
        return await tx.entries.of_run(run.id, after_seq=after_seq, limit=limit)

    return await database.read(work)


async def see_activity(
    database: Database, actor: Actor, *, wanted: EntryFilter, before: int | None, limit: int
) -> list[StoredEntry]:
    """Return entries of all runs that the actor sees, the newest first, before a position."""

    async def work(tx: Transaction) -> list[StoredEntry]:
        visible = await visible_to(tx, await actor.standing(tx))
        return await tx.entries.page(wanted, visible=visible, before=before, limit=limit)

    return await database.read(work)


async def follow_activity(
    database: Database, actor: Actor, *, wanted: EntryFilter, after: FeedPlace, limit: int
) -> list[StoredEntry]:
    """Return what has come after a place in the feed, judged by what the actor sees now."""

    async def work(tx: Transaction) -> list[StoredEntry]:
        visible = await visible_to(tx, await actor.standing(tx))
        return await tx.entries.after(after, wanted, visible=visible, limit=limit)

    return await database.read(work)


async def end_of_activity(database: Database, actor: Actor) -> FeedPlace:
    """Return the place after all that has been written, for who begins to follow."""

    async def work(tx: Transaction) -> FeedPlace:
        await visible_to(tx, await actor.standing(tx))
        return await tx.entries.end_of_feed()

    return await database.read(work)


async def _seen(tx: Transaction, actor: Actor, run_id: str) -> StoredRun:
    standing = await actor.standing(tx)
    # Whether there is such a run is nothing for who may see none.
    await visible_to(tx, standing)
    run = await tx.runs.get(run_id)
    if run is None:
        raise NotFound("run", run_id)
    await require_sight(tx, standing, run)
    return run
