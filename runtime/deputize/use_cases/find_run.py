"""Finds a run by the beginning of its id, as people copy it from a list."""

import re
from typing import Final

from deputize.errors import Refused, did_you_mean, shown
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.visibility import visible_to

#: Characters of an id that are enough, when no other run's begins so.
SHORTEST: Final = 4
_LENGTH: Final = 36
#: Of several that begin so, how many are named.
_NAMED: Final = 5
#: Runs among which the nearest is looked for, the newest ones.
_NEAR: Final = 500


class UnknownRun(Refused):
    """No run that the actor sees has an id that begins so."""

    code = "UNKNOWN_RUN"


class AmbiguousRun(Refused):
    """More than one run has an id that begins so."""

    code = "AMBIGUOUS_RUN"


async def find_run(database: Database, actor: Actor, *, start: str) -> str:
    """Return the id of the one run, of those that the actor sees, whose id begins with *start*."""

    async def work(tx: Transaction) -> str:
        visible = await visible_to(tx, await actor.standing(tx))
        begin = start.lower()
        found = []
        if SHORTEST <= len(begin) <= _LENGTH and re.fullmatch("[0-9a-f-]+", begin):
            found = await tx.runs.beginning(begin, visible=visible, limit=_NAMED + 1)
        if len(found) > 1:
            raise AmbiguousRun(_ambiguous(start, found))
        if found:
            return found[0]
        newest = await tx.runs.page(visible=visible, limit=_NEAR)
        raise UnknownRun(_unknown(start, [each.id for each in newest]))

    return await database.read(work)


def _ambiguous(start: str, found: list[str]) -> str:
    named = ", ".join(found[:_NAMED])
    more = ", …" if len(found) > _NAMED else ""
    return f'more than one run begins with "{start}": {named}{more}. Give more of the id.'


def _unknown(start: str, ids: list[str]) -> str:
    if len(start) < SHORTEST:
        return f'"{shown(start)}" is too short for a run: give {SHORTEST} characters of its id or more.'
    hint = did_you_mean(start.lower(), [each[: len(start)] for each in ids])
    return (
        f'there is no run whose id is or begins with "{shown(start)}".{hint} '
        "Runs of `deputize run` are not kept."
    )
