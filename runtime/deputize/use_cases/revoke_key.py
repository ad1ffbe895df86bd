"""Revokes a key: from then on it opens nothing."""

from datetime import datetime

from deputize.authorisation import decide_function, decide_login
from deputize.domain.functions import ADMIN, ISSUE_KEYS
from deputize.domain.keys import ApiSecret, SigningSecret
from deputize.domain.standing import Standing
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize.use_cases.errors import require
from deputize.use_cases.finding import find_integration, names_by_subject
from deputize.use_cases.keys import Key, find_key


async def revoke_key(database: Database, actor: Actor, *, key_id: str) -> None:
    """End a key. One that has ended already stays as it is."""

    async def work(tx: Transaction) -> None:
        standing = await actor.standing(tx)
        key = await find_key(tx, key_id)
        _require_own_or_administered(standing, key)
        if await end_key(tx, key, tx.now):
            integration, plan = await find_integration(tx, key.integration_id)
            names = await names_by_subject(tx)
            await note(
                tx,
                actor,
                "key.revoked",
                f"integration:{plan.name}/{integration.name}",
                key=key.id,
                holder=names.get(key.subject),
            )

    await database.write(work)


async def end_key(tx: Transaction, key: Key, at: datetime) -> bool:
    """Let *key* end at that moment; tell whether it would have lived longer."""
    if isinstance(key, ApiSecret):
        return await tx.keys.end_secret(key.id, at)
    if isinstance(key, SigningSecret):
        return await tx.signatures.end_secret(key.id, at)
    return await tx.keys.end_url_key(key.id, at)


def _require_own_or_administered(standing: Standing, key: Key) -> None:
    if key.subject == standing.subject:
        require(decide_login(standing, what="revoke a key"))
    else:
        require(decide_function(standing, ISSUE_KEYS, ADMIN, what="revoke the keys of others"))
