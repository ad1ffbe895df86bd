"""Gives an inbound integration the method that was chosen, and whoever chose it a key to it."""

from dataclasses import dataclass
from typing import Final

from deputize.credentials.keys import KeyHasher
from deputize.credentials.signing_secrets import SigningSecrets
from deputize.domain.integration import Method
from deputize.domain.signature import SignatureScheme
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.edit_integration import IntegrationChange, save_edit
from deputize.use_cases.errors import Conflict, NotPermitted
from deputize.use_cases.issue_key import keep_key
from deputize.use_cases.keys import IssuedKey

#: Methods by which a caller has something that is issued.
ISSUED: Final = frozenset({"api-key", "signature", "url"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Updated:
    """What came of it."""

    method: Method
    #: The key that was issued to whoever chose the method, with its secret, this once.
    key: IssuedKey | None = None
    #: Why no key was issued, where the method takes one.
    without: str | None = None


async def update_inbound(
    database: Database,
    actor: Actor,
    *,
    hasher: KeyHasher,
    signing: SigningSecrets,
    integration_id: str,
    method: Method,
    signature: SignatureScheme | None = None,
) -> Updated:
    """Give the integration *method*, and the actor a key to it if they may have one; all of it, or nothing.

    *signature* says how requests are signed, where that is the method. Raises what ``edit_integration`` does.
    """

    async def work(tx: Transaction) -> Updated:
        await save_edit(tx, actor, integration_id, IntegrationChange(method=method, signature=signature))
        if method not in ISSUED:
            return Updated(method=method)
        try:
            key = await keep_key(
                tx, actor, hasher=hasher, signing=signing, integration_id=integration_id, holder=None
            )
        except (Conflict, NotPermitted) as refused:
            # Before anything was kept of the key: the method stands without it.
            return Updated(method=method, without=str(refused))
        return Updated(method=method, key=key)

    return await database.write(work)
