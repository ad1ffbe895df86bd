"""Access tokens of this deployment: JWTs that are good for a quarter of an hour (RFC 9068)."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from joserfc import jws

from deputize.credentials.authenticators import Account
from deputize.credentials.signing_keys import ALGORITHM, LIFETIME, SigningKeys
from deputize.domain.oauth import OAuthClient, OAuthGrant
from deputize.domain.scope import Scope
from deputize.store import Transaction
from deputize_client import Secret

#: What tells an access token from an ID token (RFC 9068 §2.1).
TYPE: Final = "at+jwt"
#: The claims that are ours alone: the account, which a new one of the same name does not inherit, and the
#: grant, with which the token ends.
ACCOUNT: Final = "deputize_account"
GRANT: Final = "deputize_grant"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessTokens:
    """Issues access tokens."""

    keys: SigningKeys
    #: The address of this server, which is issuer and audience of what it issues; never taken from a request.
    issuer: Callable[[], str]

    async def issue(
        self,
        tx: Transaction,
        *,
        client: OAuthClient,
        account: Account,
        grant: OAuthGrant,
        scope: Scope,
        jti: str | None = None,
    ) -> Secret:
        """Return a new token for *client* to act for *account*, within *scope*.

        It is known by *jti*, or by an id of its own. It is good for ``LIFETIME``, while the grant, the
        client and the account are.
        """
        key_id, key = await self.keys.signing(tx)
        issued = int(tx.now.timestamp())
        claims = {
            "iss": self.issuer(),
            "aud": self.issuer(),
            "sub": account.name,
            "client_id": client.id,
            "azp": client.id,
            "jti": jti or str(uuid4()),
            "iat": issued,
            "exp": issued + int(LIFETIME.total_seconds()),
            "scope": " ".join(sorted(scope)),
            ACCOUNT: account.subject,
            GRANT: grant.id,
        }
        header = {"typ": TYPE, "alg": ALGORITHM, "kid": key_id}
        return Secret(
            "access token", jws.serialize_compact(header, json.dumps(claims), key, algorithms=[ALGORITHM])
        )
