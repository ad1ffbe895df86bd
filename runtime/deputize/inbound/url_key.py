"""URL keys: one person's key to one integration, in the address."""

from deputize.credentials.authenticators import Accounts
from deputize.credentials.keys import KeyHasher
from deputize.inbound.identified import Identified, UsedKey
from deputize.inbound.presented import PresentedUrlKey
from deputize.store import Transaction


async def identify(
    presented: PresentedUrlKey,
    *,
    integration_id: str,
    hasher: KeyHasher,
    accounts: Accounts,
    store: Transaction,
) -> Identified | None:
    """Return whose key to that integration it is, while the key lives and its owner is active."""
    # The integration is part of the hash: what was issued for another one is not found.
    hashed = hasher.of_url_key(integration_id=integration_id, url_key=presented.url_key.reveal())
    key = await store.keys.url_key_by_hash(hashed)
    if key is None or key.integration_id != integration_id or not key.live(store.now):
        return None
    account = await accounts.account(store, key.subject)
    if account is None:
        return None
    return Identified(
        account=account,
        via="url-key",
        methods=frozenset({"url"}),
        used=UsedKey(kind="url key", id=key.id),
    )
