"""Gives a key a new secret; the old one ends at once, or after an overlap."""

from datetime import timedelta
from typing import Final

from deputize.authorisation import decide_function, decide_login
from deputize.credentials.keys import KeyHasher
from deputize.credentials.signing_secrets import SigningSecrets
from deputize.domain.functions import ISSUE_KEYS
from deputize.domain.standing import Standing
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize.use_cases.errors import Conflict, Fault, Invalid, require
from deputize.use_cases.finding import find_integration, names_by_subject
from deputize.use_cases.issue_key import add_key
from deputize.use_cases.keys import IssuedKey, Key, find_key, kind_of, seen
from deputize.use_cases.revoke_key import end_key
from deputize_client import Secret

LONGEST_OVERLAP: Final = timedelta(days=7)


async def rotate_key(
    database: Database,
    actor: Actor,
    *,
    hasher: KeyHasher,
    signing: SigningSecrets,
    key_id: str,
    overlap: timedelta = timedelta(),
    given: Secret | None = None,
) -> IssuedKey:
    """Issue the successor of a live key; for *overlap* the old secret works beside the new one.

    *given* is the new signing secret, where the sender's provider has made it.
    """
    if not timedelta() <= overlap <= LONGEST_OVERLAP:
        raise Invalid(Fault(pointer="/overlap_seconds", detail="An overlap lasts from 0 seconds to 7 days."))

    async def work(tx: Transaction) -> IssuedKey:
        standing = await actor.standing(tx)
        key = await find_key(tx, key_id)
        _require_own_or_issuer(standing, key)
        integration, plan = await find_integration(tx, key.integration_id)
        if key.ends is not None:
            raise Conflict("The key has been revoked or rotated already. Issue a new one.")
        if integration.method != kind_of(key):
            raise Conflict(
                f'The integration "{integration.name}" does not take keys of this kind any more. '
                "Issue a new one."
            )
        await end_key(tx, key, tx.now + overlap)
        successor, secret = await add_key(
            tx,
            hasher,
            signing,
            integration=integration,
            subject=key.subject,
            issued_by=actor.subject,
            given=given,
        )
        names = await names_by_subject(tx)
        await note(
            tx,
            actor,
            "key.rotated",
            f"integration:{plan.name}/{integration.name}",
            key=key.id,
            successor=successor.id,
            holder=names.get(key.subject),
            overlap_seconds=overlap.total_seconds(),
        )
        return IssuedKey(key=await seen(tx, successor, integration=integration, names=names), secret=secret)

    return await database.write(work)


def _require_own_or_issuer(standing: Standing, key: Key) -> None:
    if key.subject == standing.subject:
        require(decide_login(standing, what="rotate a key"))
    else:
        # The new secret is shown to whoever rotates: that is to issue one.
        require(decide_function(standing, ISSUE_KEYS, what="rotate the keys of others"))
