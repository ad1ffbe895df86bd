"""Dead letters: runs that failed and nothing tries again by itself, listed until somebody sees to them.

A live replay of one, as anybody who may, takes it off the list; so does dismissing it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from deputize.domain.stored_run import EVERY_RUN, RunCursor, RunFilter, StoredRun
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize.use_cases.errors import Conflict, NotFound, NotPermitted
from deputize.use_cases.replay_live import NO_DEAD_LETTER, LiveReplay
from deputize.use_cases.see_runs import see_runs
from deputize.use_cases.visibility import developed_run


@dataclass(frozen=True, slots=True, kw_only=True)
class Possible:
    """What somebody could do about a dead letter now."""

    #: Why they could not have it done again as its initiator; None: they could.
    not_retried: str | None
    #: Why they could not dismiss it; None: they could.
    not_dismissed: str | None


async def see_dead_letters(
    database: Database,
    actor: Actor,
    *,
    wanted: RunFilter = EVERY_RUN,
    after: RunCursor | None = None,
    limit: int,
) -> list[StoredRun]:
    """Return dead letters that *actor* sees, the newest first, as ``see_runs`` returns runs."""
    return await see_runs(database, actor, wanted=replace(wanted, given_up=True), after=after, limit=limit)


async def see_what_is_possible(
    database: Database, actor: Actor, letters: Sequence[StoredRun], *, replays: LiveReplay
) -> list[Possible]:
    """Return what *actor* could do about each of *letters*; the act itself is judged anew."""

    async def work(tx: Transaction) -> list[str | None]:
        return [await _why_not_dismissed(tx, actor, each) for each in letters]

    retries, dismissals = await replays.why_not(actor, letters), await database.read(work)
    return [
        Possible(not_retried=retry, not_dismissed=dismissal)
        for retry, dismissal in zip(retries, dismissals, strict=True)
    ]


async def _why_not_dismissed(tx: Transaction, actor: Actor, letter: StoredRun) -> str | None:
    try:
        await developed_run(tx, actor, letter.id, to="dismiss")
    except (NotFound, NotPermitted) as error:
        return str(error)
    return None


async def dismiss_dead_letter(database: Database, actor: Actor, *, run_id: str) -> None:
    """Take the run of that id off the list of dead letters; the run itself stays as it is.

    Raises ``NotFound``, ``NotPermitted`` for one who may not edit the run's plan, and ``Conflict`` for a run
    that is no dead letter.
    """

    async def work(tx: Transaction) -> None:
        run = await developed_run(tx, actor, run_id, to="dismiss")
        if not await tx.runs.see_to(run.id):
            raise Conflict(NO_DEAD_LETTER.format(state=run.state))
        await note(tx, actor, "run.dismissed", f"run:{run.id}", state=run.state)

    await database.write(work)
