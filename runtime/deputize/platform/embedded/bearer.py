"""Lets applications use the REST API with access tokens, for the people who let them."""

from dataclasses import dataclass
from http import HTTPStatus

from deputize.credentials.bearer_tokens import BearerTokens, ProvedToken
from deputize.credentials.compact_jws import TokenRefused
from deputize.credentials.key_sets import KeysUnavailable
from deputize.platform.embedded.rest.callers import TokenHolder
from deputize.platform.embedded.rest.problems import Problem, invalid_token
from deputize.store import Transaction

_RETRY_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedAccessToken:
    """Implements ``ProvedAccessToken``."""

    tokens: BearerTokens
    proved: ProvedToken

    async def holder(self, store: Transaction) -> TokenHolder:
        """Return whose the token is at this moment; raises 401."""
        verified = await self.tokens.judge(store, self.proved)
        if isinstance(verified, TokenRefused):
            raise invalid_token()
        return TokenHolder(subject=verified.account.subject, scope=verified.scope, mobile=verified.mobile)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedAccessTokens:
    """Implements ``AccessTokenCheck``."""

    tokens: BearerTokens

    async def prove(self, token: str) -> SignedAccessToken:
        """Return *token* as one that was signed; raises 401 or 503."""
        proved = await self.tokens.prove(token)
        if isinstance(proved, KeysUnavailable):
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "The server that issued the access token does not answer, so it cannot be verified now. "
                f"Try again in {_RETRY_SECONDS} seconds.",
                headers={"Retry-After": str(_RETRY_SECONDS)},
            )
        if isinstance(proved, TokenRefused):
            raise invalid_token()
        return SignedAccessToken(tokens=self.tokens, proved=proved)
