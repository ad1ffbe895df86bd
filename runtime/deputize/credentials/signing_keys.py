"""The key pairs that access tokens are signed with: made at the first need, sealed, rotated, forgotten.

Theory of operation. The newest key that is not retired signs. A retired one signs nothing, and what it
has signed is accepted for as long as that may live; then the key is deleted, so that whoever had stolen
it could not go on with it. Only public halves leave this module unsealed, but for the one that signs.
"""

import asyncio
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from joserfc.jwk import RSAKey
from pydantic import JsonValue

from deputize.credentials.sealing import Sealer
from deputize.domain.oauth import SigningKey
from deputize.store import Transaction
from deputize_client import Secret

#: How long an access token is good, and so how long a retired key is needed.
LIFETIME: Final = timedelta(minutes=15)
#: The one algorithm that access tokens are signed by, and accepted with.
ALGORITHM: Final = "RS256"

_BITS: Final = 2048
_TABLE: Final = "oauth_signing_keys"


class SigningKeys:
    """Makes, rotates and finds the keys of this deployment."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer
        #: By id; to open one takes twenty times as long as to sign with it.
        self._opened: dict[str, RSAKey] = {}

    def __repr__(self) -> str:
        return "<SigningKeys>"

    async def signing(self, tx: Transaction) -> tuple[str, RSAKey]:
        """Return the id of the key that signs, and the key, which is made when there is none."""
        live = [key for key in await tx.oauth.signing_keys() if key.retired is None]
        key = live[0] if live else await self._make(tx)
        opened = self._opened.get(key.id)
        if opened is None:
            secret = self._sealer.unseal(key.sealed, row=(_TABLE, key.id), name=f"signing key {key.id}")
            opened = self._opened[key.id] = RSAKey.import_key(json.loads(secret.reveal()))
        return key.id, opened

    async def verifying(self, tx: Transaction, key_id: str) -> RSAKey | None:
        """Return the public key of that id while something that it has signed may be good."""
        key = await tx.oauth.signing_key(key_id)
        if key is None or not _verifies(tx, key):
            return None
        return RSAKey.import_key({**_jwk(key.public)})

    async def published(self, tx: Transaction) -> list[Mapping[str, JsonValue]]:
        """Return the public keys that tokens may be verified with, as JWKs (RFC 7517)."""
        keys = [key for key in await tx.oauth.signing_keys() if _verifies(tx, key)]
        return [
            {"kty": key.public["kty"], "n": key.public["n"], "e": key.public["e"]}
            | {"kid": key.id, "use": "sig", "alg": ALGORITHM}
            for key in keys
        ]

    async def rotate(self, tx: Transaction) -> SigningKey:
        """Make the key that signs from now on, and retire those before it."""
        for key in await tx.oauth.signing_keys():
            if key.retired is None:
                await tx.oauth.retire_signing_key(key.id, tx.now)
        self._opened.clear()
        await tx.oauth.delete_signing_keys(retired_before=tx.now - LIFETIME)
        return await self._make(tx)

    async def _make(self, tx: Transaction) -> SigningKey:
        # The prime numbers take a twentieth of a second, in which others can be answered.
        made = await asyncio.to_thread(RSAKey.generate_key, _BITS)
        key_id = made.thumbprint()
        secret = Secret(f"signing key {key_id}", json.dumps(made.as_dict(private=True)))
        key = SigningKey(
            id=key_id,
            public=_jwk(made.as_dict(private=False)),
            sealed=self._sealer.seal(secret, row=(_TABLE, key_id)),
            created=tx.now,
        )
        await tx.oauth.put_signing_key(key)
        return key


def _verifies(tx: Transaction, key: SigningKey) -> bool:
    return key.retired is None or key.retired + LIFETIME > tx.now


def _jwk(public: Mapping[str, object]) -> dict[str, str]:
    return {name: str(public[name]) for name in ("kty", "n", "e")}
