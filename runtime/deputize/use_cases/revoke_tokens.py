"""Ends every grant of a person, and with it every access and refresh token."""

from deputize.authorisation import decide_administer, decide_login
from deputize.domain.person import Person
from deputize.domain.standing import Standing
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize.use_cases.errors import require
from deputize.use_cases.finding import find_person


async def revoke_tokens(database: Database, actor: Actor, *, user: str) -> int:
    """End all that the person whose id or name is *user* has let clients do; return how many grants ended.

    Their tokens are refused from the next request on. One's own takes log-in, others' the right to
    administer them.
    """

    async def work(tx: Transaction) -> int:
        person = await _whose(tx, await actor.standing(tx), user)
        ended = await tx.oauth.revoke_grants_of(person.id, tx.now)
        await note(tx, actor, "grant.revoked", f"user:{person.target_name}", grants=ended)
        return ended

    return await database.write(work)


async def _whose(tx: Transaction, standing: Standing, user: str) -> Person:
    own = await tx.people.get(standing.subject)
    if own is not None and user in (own.id, own.target_name):
        require(decide_login(standing, what="revoke tokens"))
        return own
    what = "revoke the tokens of others"
    # Before anybody is looked for: who may not administer is not told who is there.
    require(decide_administer(standing, (), what=what))
    person = await find_person(tx, user)
    theirs = await tx.people.standing(person.id)
    require(decide_administer(standing, () if theirs is None else theirs.functions, what=what))
    return person
