"""Another authorization server whose access tokens are accepted, as the project names it.

Theory of operation. A token is held against what the project says of its issuer – the keys, the algorithms,
the audience, the type – and then one claim of it is looked for among our own people: the account is ours,
and what it may do is decided here. The scope is what the project gives to tokens of that issuer, or to each
scope that the token has. Nothing is remembered of such a token: whoever ends it before its time does so
there, or ends all that were issued to a person until then, here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, Literal, TypeAlias

from pydantic import Field, ValidationError

from deputize.credentials.access_tokens import Times, Verified, is_for
from deputize.credentials.authenticators import Account, Accounts
from deputize.credentials.compact_jws import TokenRefused, UnverifiedToken, verified_claims
from deputize.credentials.key_sets import KeySource, KeysUnavailable
from deputize.domain.scope import Scope
from deputize.store import Transaction

UserClaim: TypeAlias = Literal["sub", "email", "preferred_username"]

#: How far the issuer's clock and ours may be apart.
_LEEWAY: Final = timedelta(seconds=30)
_LONGEST_NAME: Final = 200
#: Claims that an ID token has, and an access token has not.
_OF_ID_TOKENS: Final = frozenset({"nonce", "at_hash", "c_hash"})


class _Claims(Times):
    sub: str = ""
    email: str = ""
    #: Some servers write it as a text. Without it an address may be what its user has typed in.
    email_verified: bool | str = False
    preferred_username: str = ""
    client_id: str = ""
    azp: str = ""
    jti: str = Field(default="", max_length=_LONGEST_NAME)
    scope: str | list[str] = ""
    scp: str | list[str] = ""

    @property
    def client(self) -> str:
        return self.client_id or self.azp

    @property
    def scopes(self) -> Scope:
        found = [each.split() if isinstance(each, str) else each for each in (self.scope, self.scp)]
        return frozenset().union(*found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """What is accepted of one issuer."""

    #: As the project calls it.
    name: str
    #: The claim ``iss``.
    issuer: str
    audience: str
    keys: KeySource
    algorithms: frozenset[str]
    #: Values of the header ``typ`` in lower case.
    types: frozenset[str]
    user_claim: UserClaim
    #: What every token of it is good for.
    scope: Scope = frozenset()
    #: What each scope of its own is good for.
    scopes: Mapping[str, str] = field(default_factory=dict)

    async def claims(self, token: UnverifiedToken) -> dict[str, Any] | TokenRefused | KeysUnavailable:
        """Return the claims of *token*, which says that it is of this issuer, if it is, and for us."""
        if token.type not in self.types:
            return TokenRefused(why=f'a token of "{self.name}" that is no access token')
        key = await self.keys.key(token.key_id)
        if isinstance(key, KeysUnavailable):
            return key
        if key is None:
            return TokenRefused(why=f'a token of "{self.name}" with a key that it has not published')
        claims = verified_claims(token, key, algorithms=self.algorithms)
        return claims if isinstance(claims, TokenRefused) else self._meant(claims)

    async def judge(
        self, tx: Transaction, claims: Mapping[str, Any], *, accounts: Accounts
    ) -> Verified | TokenRefused:
        """Return whose the token with these *claims* is and what it is good for, at this moment."""
        try:
            read = _Claims.model_validate(claims)
        except ValidationError:
            return TokenRefused(why=f'a token of "{self.name}" without iat or exp, or with strange claims')
        why = read.refused(tx.now, leeway=_LEEWAY, late=_LEEWAY)
        if why is not None:
            return TokenRefused(why=f'of "{self.name}": {why}')
        account = await self._account(tx, read, accounts)
        if isinstance(account, TokenRefused):
            return account
        cutoff = await tx.oauth.cutoff(account.subject)
        if cutoff is not None and read.issued < cutoff:
            return TokenRefused(why=f"a token of {account.name}'s that was issued before all were revoked")
        own = (self.scopes[each] for each in read.scopes if each in self.scopes)
        return Verified(
            account=account,
            client_id=read.client,
            scope=self.scope | frozenset(own),
            jti=read.jti,
            issued=read.issued,
            expires=read.expires,
        )

    def _meant(self, claims: dict[str, Any]) -> dict[str, Any] | TokenRefused:
        """Return *claims* if they are those of an access token for us."""
        if not is_for(claims, self.audience):
            return TokenRefused(why=f'a token of "{self.name}" for another audience')
        if _OF_ID_TOKENS & claims.keys():
            return TokenRefused(why=f'an ID token of "{self.name}"')
        return claims

    async def _account(self, tx: Transaction, claims: _Claims, accounts: Accounts) -> Account | TokenRefused:
        """Return whom the user claim names: exactly one active account."""
        name: str = getattr(claims, self.user_claim)
        if not (0 < len(name) <= _LONGEST_NAME and name.isprintable()):
            return TokenRefused(why=f'a token of "{self.name}" without a user in {self.user_claim}')
        if claims.client and claims.sub == claims.client:
            # Client credentials (RFC 9068 §2.2): whoever has the client's name is not meant.
            return TokenRefused(why=f'a token of "{self.name}" that a client got for itself')
        if self.user_claim != "email":
            account = await accounts.named(tx, name)
        elif claims.email_verified not in (True, "true"):
            return TokenRefused(why=f'a token of "{self.name}" whose address is not verified')
        else:
            account = await accounts.with_email(tx, name)
        if account is None:
            return TokenRefused(why=f'a token of "{self.name}" whose {self.user_claim} names no active user')
        return account
