"""``[endpoints.NAME]`` and ``[secrets.NAME]``: what scripts may call, and with which proof."""

from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from deputize.project.sections.section import SecretReference, Section


class NoAuth(Section):
    """Nothing is added to a request."""

    type: Literal["none"] = "none"


class BasicAuth(Section):
    """HTTP Basic with a stored user and password."""

    type: Literal["basic"]
    user: str
    password: SecretReference


class BearerAuth(Section):
    """A stored bearer token."""

    type: Literal["bearer"]
    token: SecretReference


class OAuth2Auth(Section):
    """OAuth 2 client credentials (RFC 6749 §4.4): a token is fetched, kept and renewed."""

    type: Literal["oauth2"]
    token_url: str
    client_id: str
    client_secret: SecretReference
    scope: str = ""
    """Scopes with spaces between them."""
    client_in: Literal["header", "body"] = "header"
    """Whether id and secret go in a header or in the form; most servers take the header."""
    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    """Private networks in which the address of `token_url` may lie."""

    @field_validator("token_url")
    @classmethod
    def _is_a_web_address(cls, value: str) -> str:
        return web_address(value)


class InitiatorAuth(Section):
    """Calls are made as the initiator, with the credential that the platform has for this address."""

    type: Literal["initiator"]


class EndpointSection(Section):
    """``[endpoints.NAME]``: an external system that scripts may call.

    Under ``[plans.P.endpoints.NAME]`` it belongs to that plan alone, before one of the same name here.
    """

    base_url: str
    auth: Annotated[
        NoAuth | BasicAuth | BearerAuth | OAuth2Auth | InitiatorAuth, Field(discriminator="type")
    ] = NoAuth()
    methods: tuple[str, ...] | None = None
    """The only methods that may be used; all when left out."""
    paths: tuple[str, ...] | None = None
    """The only paths that may be called, each with all that lies below it; all when left out."""
    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    """Private networks in which the endpoint's address may lie."""
    idempotency: Literal["key"] | None = None
    """``key``: it tells a call that comes again by its ``Idempotency-Key``, which every call then carries."""
    stand_in: str | None = None
    """A file of canned routes that stands in for the endpoint on a laptop."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """The names of the secrets that it proves itself with."""
        match self.auth:
            case (
                BasicAuth(password=reference)
                | BearerAuth(token=reference)
                | OAuth2Auth(client_secret=reference)
            ):
                return (reference.secret,)
            case NoAuth() | InitiatorAuth():
                return ()

    @field_validator("base_url")
    @classmethod
    def _is_a_web_address(cls, value: str) -> str:
        return web_address(value)

    @field_validator("methods")
    @classmethod
    def _are_upper_case(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return value if value is None else tuple(method.upper() for method in value)


class SecretSection(Section):
    """``[secrets.NAME]``: a secret that scripts may put into requests, and where it may go."""

    endpoints: tuple[str, ...] = Field(min_length=1)
    """The only endpoints to which it is sent."""


def web_address(value: str) -> str:
    """Return *value*. Raises ``ValueError`` when it is no plain http or https address."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be a full address such as https://host.example/")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("must not hold a user, password, query or fragment; use auth = {…}")
    return value
