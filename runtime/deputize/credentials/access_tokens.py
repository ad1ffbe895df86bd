"""Access tokens of this deployment: JWTs that are good for a quarter of an hour (RFC 9068).

Theory of operation. A token is verified by its signature, and then held against the state of the moment:
its client must be enabled, its grant must go on, its id must not be revoked, and its account must be active
and still have the name that the token says. So whatever ends one of these ends the token with the next
request, and a new account of the same name inherits nothing. A token is good for what it says, as far as
its grant and its client still are.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from joserfc import jws
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from deputize.credentials.authenticators import Account, Accounts
from deputize.credentials.compact_jws import TokenRefused, UnverifiedToken, read_unverified, verified_claims
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

#: How far the clock of another server of the deployment may be ahead.
_LEEWAY: Final = timedelta(seconds=10)
#: What ids of our keys look like: nothing else is looked for.
_KEY_ID: Final = re.compile(r"[A-Za-z0-9_-]{43}")
#: Seconds since the epoch beyond which there is no date.
_LATEST: Final = 2.0**37


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """An access token that is good at this moment, and whose it is."""

    account: Account
    #: Empty where another issuer does not say.
    client_id: str
    scope: Scope
    #: Whether the client is the mobile app.
    mobile: bool = False
    #: Empty where another issuer does not say.
    jti: str
    #: None for a token of another issuer.
    grant_id: str | None = None
    issued: datetime
    expires: datetime


class Times(BaseModel):
    """When a token is good, in seconds since the epoch."""

    model_config = ConfigDict(strict=True, extra="allow")

    iat: float = Field(ge=0, le=_LATEST)
    exp: float = Field(ge=0, le=_LATEST)
    nbf: float = Field(default=0, ge=0, le=_LATEST)

    def refused(self, now: datetime, *, leeway: timedelta, late: timedelta = timedelta()) -> str | None:
        """Return why the token is not good *now*; clocks may differ by *leeway*, its end be *late*."""
        seconds = now.timestamp()
        if seconds >= self.exp + late.total_seconds():
            return "a token that has expired"
        if seconds + leeway.total_seconds() < max(self.iat, self.nbf):
            return "a token that is not valid yet"
        return None

    @property
    def issued(self) -> datetime:
        """When it was issued."""
        return datetime.fromtimestamp(self.iat, UTC)

    @property
    def expires(self) -> datetime:
        """When it ends."""
        return datetime.fromtimestamp(self.exp, UTC)


class _Claims(Times):
    sub: str
    client_id: str
    jti: str
    scope: str
    account: str = Field(alias=ACCOUNT)
    grant: str = Field(alias=GRANT)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessTokens:
    """Issues access tokens, and verifies those that it has issued."""

    keys: SigningKeys
    accounts: Accounts
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

    async def verify(self, tx: Transaction, token: str) -> Verified | TokenRefused:
        """Return whose *token* is and what it is good for, at this moment, or why it is good for nothing."""
        unverified = read_unverified(token)
        return unverified if isinstance(unverified, TokenRefused) else await self.judge(tx, unverified)

    async def judge(self, tx: Transaction, token: UnverifiedToken) -> Verified | TokenRefused:
        """Return whose *token* is and what it is good for, at this moment, or why it is good for nothing."""
        read = await self._read(tx, token)
        return read if isinstance(read, TokenRefused) else await self._hold_against_state(tx, read)

    async def _signed(self, tx: Transaction, token: UnverifiedToken) -> dict[str, Any] | TokenRefused:
        """Return the claims of a token that was signed here."""
        if token.issuer != self.issuer():
            return TokenRefused(why="a token of an issuer that is not trusted")
        if token.type != TYPE:
            return TokenRefused(why="a signed token that is no access token")
        if token.key_id is None or _KEY_ID.fullmatch(token.key_id) is None:
            return TokenRefused(why="a token whose kid is not written as ours are")
        key = await self.keys.verifying(tx, token.key_id)
        if key is None:
            return TokenRefused(why="a token that was signed with an unknown or retired key")
        return verified_claims(token, key, algorithms=(ALGORITHM,))

    async def _read(self, tx: Transaction, token: UnverifiedToken) -> _Claims | TokenRefused:
        claims = await self._signed(tx, token)
        if isinstance(claims, TokenRefused):
            return claims
        if not is_for(claims, self.issuer()):
            return TokenRefused(why="a token for another audience")
        try:
            read = _Claims.model_validate(claims)
        except ValidationError:
            return TokenRefused(why="a token whose claims are not those that are issued here")
        # Nothing is added to the end: whoever issued it has this clock.
        why = read.refused(tx.now, leeway=_LEEWAY)
        return read if why is None else TokenRefused(why=why)

    async def _hold_against_state(self, tx: Transaction, claims: _Claims) -> Verified | TokenRefused:
        client = await tx.oauth.client(claims.client_id)
        if client is None or not client.enabled:
            return TokenRefused(why="a token of a client that is not there or not enabled")
        grant = await tx.oauth.grant(claims.grant)
        if grant is None or not grant.live(tx.now):
            return TokenRefused(why="a token of a grant that has ended")
        if (grant.client_id, grant.person_id) != (client.id, claims.account):
            return TokenRefused(why="a token that does not go with its grant")
        if await tx.oauth.token_revoked(claims.jti):
            return TokenRefused(why="a token that has been revoked")
        account = await self.accounts.account(tx, claims.account)
        if account is None or account.name != claims.sub:
            return TokenRefused(why="a token of an account that is not active, or has another name now")
        return Verified(
            account=account,
            client_id=client.id,
            scope=frozenset(claims.scope.split()) & grant.scope & client.scope,
            mobile=client.mobile,
            jti=claims.jti,
            grant_id=grant.id,
            issued=claims.issued,
            expires=claims.expires,
        )


def is_for(claims: dict[str, Any], audience: str) -> bool:
    """Whether the claim ``aud``, a text or a list of them, names *audience*."""
    named = claims.get("aud")
    return audience in named if isinstance(named, list) else named == audience
