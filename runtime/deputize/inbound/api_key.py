"""API keys: a person's key id with the secret that was issued to them for one integration."""

from deputize.credentials.authenticators import Accounts
from deputize.credentials.keys import KeyHasher, same
from deputize.inbound.identified import Identified, UsedKey
from deputize.inbound.presented import PresentedApiKey
from deputize.store import Transaction

#: The subject of nobody: what an unknown key id is looked up for.
_NOBODY = ""


async def identify(
    presented: PresentedApiKey,
    *,
    integration_id: str,
    hasher: KeyHasher,
    accounts: Accounts,
    store: Transaction,
) -> Identified | None:
    """Return whose key it is, while the secret for that integration lives and its owner is active."""
    hashed = hasher.of_api_secret(
        integration_id=integration_id, key_id=presented.key_id, secret=presented.secret.reveal()
    )
    key = await store.keys.api_key(presented.key_id)
    subject = _NOBODY if key is None else key.subject
    # Asked for nobody as well: an unknown key id costs what a known one does.
    secrets = await store.keys.live_secrets(integration_id, subject, now=store.now)
    matching = [secret for secret in secrets if same(secret.hash, hashed)]
    if not matching:
        return None
    account = await accounts.account(store, subject)
    if account is None:
        return None
    return Identified(
        account=account,
        via="api-key",
        methods=frozenset({"api-key"}),
        used=UsedKey(kind="api secret", id=matching[0].id),
    )
