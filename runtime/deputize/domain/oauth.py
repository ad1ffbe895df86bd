"""Clients of OAuth, what people have granted to them, and the tokens that come from a grant."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from pydantic import JsonValue

from deputize.domain.scope import Scope

#: A way to get tokens (RFC 6749 ``grant_type``).
GrantType: TypeAlias = Literal["authorization_code", "refresh_token", "password"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthClient:
    """An application that acts for people who let it."""

    id: str
    #: As people are asked about it.
    name: str
    #: Where a person is sent back to; compared as a whole, but for the port of a loopback address (RFC 8252).
    redirect_uris: tuple[str, ...] = ()
    grants: frozenset[GrantType]
    #: The most that may be granted to it.
    scope: Scope
    #: None for a public client, which cannot keep a secret.
    secret_hash: str | None = field(default=None, repr=False)
    #: Whether it is the mobile app: what is started with its tokens is started by mobile.
    mobile: bool = False
    enabled: bool = True
    created: datetime
    #: The subject of who registered it.
    created_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthGrant:
    """One person's consent to one client; it ends with all of its tokens."""

    id: str
    client_id: str
    person_id: str
    scope: Scope
    created: datetime
    revoked: datetime | None = None
    #: The end of its last refresh token.
    ends: datetime

    def live(self, now: datetime) -> bool:
        """Whether tokens of it are accepted at all."""
        return (self.revoked is None or self.revoked > now) and self.ends > now


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationCode:
    """What a client turns into tokens, once."""

    hash: str = field(repr=False)
    grant_id: str
    redirect_uri: str
    #: The S256 code challenge (RFC 7636).
    challenge: str
    expires: datetime
    used: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshToken:
    """What a client gets the next access token with, once: a second use ends the grant."""

    hash: str = field(repr=False)
    grant_id: str
    issued: datetime
    expires: datetime
    used: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A key pair that access tokens are signed with."""

    #: The ``kid``.
    id: str
    #: The public half, as a JWK.
    public: Mapping[str, JsonValue]
    #: The private half as a JWK, encrypted under a key that is not in the database.
    sealed: bytes = field(repr=False)
    created: datetime
    #: From then on it signs nothing; what it has signed is accepted until that expires.
    retired: datetime | None = None
