"""Has access tokens signed with a new key."""

from deputize.authorisation import decide_function
from deputize.credentials.signing_keys import SigningKeys
from deputize.domain.functions import ADMIN
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize.use_cases.errors import require


async def rotate_signing_key(database: Database, actor: Actor, *, keys: SigningKeys) -> str:
    """Make the key that signs access tokens from now on, and return its id.

    What the one before has signed is good until it expires.
    """

    async def work(tx: Transaction) -> str:
        require(decide_function(await actor.standing(tx), ADMIN, what="rotate the key of access tokens"))
        key = await keys.rotate(tx)
        await note(tx, actor, "signing.rotated", "signing key", id=key.id)
        return key.id

    return await database.write(work)
