"""Lists keys: one's own, and those that one administers."""

from deputize.authorisation import decide_function, decide_login
from deputize.domain.decision import Grant
from deputize.domain.functions import ADMIN, ISSUE_KEYS
from deputize.domain.standing import Standing
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.errors import require
from deputize.use_cases.finding import find_integration, find_person, may_develop, names_by_subject
from deputize.use_cases.keys import Key, SeenKey, seen


async def see_keys(
    database: Database, actor: Actor, *, integration_id: str | None = None, holder: str | None = None
) -> list[SeenKey]:
    """Return keys, the newest first: of one integration, of one holder, of both, or all.

    Those are one's own; whoever issues keys for others sees everybody's, whoever edits an integration
    sees those to it.
    """

    async def work(tx: Transaction) -> list[SeenKey]:
        standing = await actor.standing(tx)
        require(decide_login(standing, what="see keys"))
        if integration_id is not None:
            await find_integration(tx, integration_id)
        person = None if holder is None else await find_person(tx, holder)
        subject = None if person is None else person.id
        keys: list[Key] = [
            *await tx.keys.secrets(integration_id=integration_id, subject=subject),
            *await tx.keys.url_keys(integration_id=integration_id, subject=subject),
            *await tx.signatures.secrets(integration_id=integration_id, subject=subject),
        ]
        names = await names_by_subject(tx)
        integrations = {each.id: each for each in await tx.integrations.all()}
        administered = await _administered(tx, standing)
        return [
            await seen(tx, key, integration=integrations[key.integration_id], names=names)
            for key in sorted(keys, key=lambda each: (each.created, each.id), reverse=True)
            if key.subject == standing.subject or integrations[key.integration_id].plan_id in administered
        ]

    return await database.read(work)


async def _administered(tx: Transaction, standing: Standing) -> set[str]:
    """Return the plans to whose integrations *standing* sees every key."""
    issues = isinstance(decide_function(standing, ISSUE_KEYS, ADMIN, what="see keys"), Grant)
    return {plan.id for plan in await tx.plans.all() if issues or may_develop(standing, plan)}
