"""Access tokens that callers present: our own, and those of the issuers that the project trusts.

Theory of operation. Each token is proved first, by which the keys of its issuer may have to be fetched, and
judged afterwards, in the transaction that its caller's request is decided in: so what has ended meanwhile
counts. Which issuer it is held against is said by the token; which ones there are is said by the project.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from deputize.credentials.access_tokens import AccessTokens, Verified
from deputize.credentials.compact_jws import TokenRefused, UnverifiedToken, read_unverified
from deputize.credentials.issuers import Issuer
from deputize.credentials.key_sets import KeysUnavailable
from deputize.store import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnToken:
    """A token that says it was issued here."""

    token: UnverifiedToken


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignToken:
    """A token that was signed by another issuer, for us."""

    issuer: Issuer
    claims: Mapping[str, Any] = field(repr=False)


ProvedToken: TypeAlias = OwnToken | ForeignToken


@dataclass(frozen=True, slots=True, kw_only=True)
class BearerTokens:
    """Says whose an access token is."""

    own: AccessTokens
    #: By the claim ``iss``.
    issuers: Mapping[str, Issuer] = field(default_factory=dict)

    async def prove(self, text: str) -> ProvedToken | TokenRefused | KeysUnavailable:
        """Return what can be said of the token *text* without the database."""
        token = read_unverified(text)
        if isinstance(token, TokenRefused):
            return token
        issuer = self.issuers.get(token.issuer)
        if issuer is None or token.issuer == self.own.issuer():
            return OwnToken(token=token)
        claims = await issuer.claims(token)
        if isinstance(claims, TokenRefused | KeysUnavailable):
            return claims
        return ForeignToken(issuer=issuer, claims=claims)

    async def judge(self, tx: Transaction, proved: ProvedToken) -> Verified | TokenRefused:
        """Return whose the token is, and what it is good for, at this moment."""
        match proved:
            case OwnToken(token=token):
                return await self.own.judge(tx, token)
            case ForeignToken(issuer=issuer, claims=claims):
                return await issuer.judge(tx, claims, accounts=self.own.accounts)
