"""``[oauth]``: how tokens are got from this server, and which other issuers' tokens are accepted."""

from ipaddress import IPv4Network, IPv6Network
from typing import Literal, Self, TypeAlias, get_args
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from deputize.project.sections.section import Section

#: Signatures that are made with a private key; a shared secret would let us make them as well.
Algorithm: TypeAlias = Literal[
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519"
]
ScopeName: TypeAlias = Literal["trigger", "read", "write"]


class IssuerSection(Section):
    """``[oauth.issuers.NAME]``: another authorization server, whose access tokens are accepted here."""

    issuer: str = Field(min_length=1)
    """The claim `iss` of its tokens, letter for letter."""
    audience: str = Field(min_length=1)
    """What its tokens must name in `aud`: what that server calls this one."""
    jwks_uri: str | None = None
    """The https address of its public keys."""
    jwks: str | None = None
    """A file of its public keys (RFC 7517) in the project, in place of an address."""
    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    """Private networks in which the address of `jwks_uri` may lie."""
    algorithms: tuple[Algorithm, ...] = Field(default=("RS256",), min_length=1)
    """The only signatures that are accepted."""
    types: tuple[Literal["at+jwt", "JWT"], ...] = Field(default=("at+jwt",), min_length=1)
    """The only values of the header `typ`; "JWT" is for servers that do not follow RFC 9068."""
    user_claim: Literal["sub", "email", "preferred_username"] = "sub"
    """The claim that names the user: by name, or with "email" by the address of exactly one."""
    scope: tuple[ScopeName, ...] | None = Field(default=None, min_length=1)
    """What every token of it is good for."""
    scopes: dict[str, ScopeName] | None = Field(default=None, min_length=1)
    """What each of its own scopes is good for, in place of `scope`."""

    @field_validator("jwks_uri")
    @classmethod
    def _is_an_https_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme != "https" or not parts.hostname or parts.username or parts.fragment:
            raise ValueError("must be a full https address such as https://login.example/keys")
        return value

    @model_validator(mode="after")
    def _has_one_of_each(self) -> Self:
        if (self.jwks_uri is None) == (self.jwks is None):
            raise ValueError("needs exactly one of `jwks_uri` and `jwks`")
        if (self.scope is None) == (self.scopes is None):
            names = ", ".join(f'"{each}"' for each in get_args(ScopeName))
            raise ValueError(f"needs exactly one of `scope` and `scopes`; what is granted is of {names}")
        return self


class OAuthSection(Section):
    """``[oauth]``: how applications get tokens, and from whom else tokens are accepted."""

    password_grant: bool = False
    """Let applications trade a user's name and password for tokens. For old ones only."""
    refresh_token_days: int = Field(default=30, gt=0, le=365)
    """How long a refresh token is good; each use brings a new one."""
    longest_grant_days: int = Field(default=180, gt=0, le=3650)
    """After how long a person is asked again, however often the application has refreshed."""
    issuers: dict[str, IssuerSection] = Field(default_factory=dict)
    """Other authorization servers, whose access tokens are accepted."""

    @model_validator(mode="after")
    def _issuers_differ(self) -> Self:
        first: dict[str, str] = {}
        for name, section in self.issuers.items():
            other = first.setdefault(section.issuer, name)
            if other != name:
                raise ValueError(f"issuers.{name} and issuers.{other} have the same `issuer`")
        return self
