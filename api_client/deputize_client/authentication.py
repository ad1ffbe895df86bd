"""How the calls to an endpoint prove who they are."""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from typing import Literal, TypeAlias
from urllib.parse import quote_plus

from deputize_client.credentials import BasicCredential, BearerCredential, Credential, MissingSecret, Secret


@dataclass(frozen=True, slots=True)
class NoAuthentication:
    """Calls carry what the caller puts on them, and nothing else."""


@dataclass(frozen=True, slots=True)
class BasicAuthentication:
    """Calls are made as a service account, with user and password."""

    user: str
    password: Secret | MissingSecret


@dataclass(frozen=True, slots=True)
class BearerAuthentication:
    """Calls are made as a service account, with a token."""

    token: Secret | MissingSecret


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCredentialsAuthentication:
    """Calls are made as a service account, with a token of OAuth 2 client credentials (RFC 6749 §4.4).

    The token endpoint is a place of its own: what the endpoint may reach says nothing about it.
    """

    #: ``http`` or ``https``; a query is kept.
    token_url: str
    client_id: str
    client_secret: Secret | MissingSecret
    #: Scopes with spaces between them; empty asks for none.
    scope: str = ""
    #: Whether id and secret go in an ``Authorization: Basic`` header or in the form.
    client_in: Literal["header", "body"] = "header"
    #: Networks of the token endpoint that are not public and may be reached all the same.
    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    #: Exact (address, port) of token endpoints that the product itself started.
    admitted: frozenset[tuple[str, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class AsInitiator:
    """Calls are made as the principal that the client is bound to."""


Authentication: TypeAlias = (
    NoAuthentication
    | BasicAuthentication
    | BearerAuthentication
    | ClientCredentialsAuthentication
    | AsInitiator
)


def stored_credential(authentication: Authentication) -> Credential | MissingSecret | None:
    """Return the credential that is sent as stored, the secret that it lacks, or None.

    Client credentials are not sent to the endpoint itself: see ``client_credential``.
    """
    match authentication:
        case BasicAuthentication(password=MissingSecret() as missing):
            return missing
        case BasicAuthentication(user=user, password=Secret() as password):
            return BasicCredential(user, password)
        case BearerAuthentication(token=MissingSecret() as missing):
            return missing
        case BearerAuthentication(token=Secret() as token):
            return BearerCredential(token)
        case _:
            return None


def client_credential(authentication: ClientCredentialsAuthentication) -> BasicCredential | MissingSecret:
    """Return what proves the client in a header, or the secret that is missing."""
    secret = authentication.client_secret
    if isinstance(secret, MissingSecret):
        return secret
    # RFC 6749 §2.3.1: both are form-encoded before they become user and password.
    return BasicCredential(
        quote_plus(authentication.client_id), Secret(secret.name, quote_plus(secret.reveal()))
    )


def stored_secrets(authentication: Authentication) -> tuple[Secret, ...]:
    """Return every stored value that must not be seen again; empty when none is stored."""
    if isinstance(authentication, ClientCredentialsAuthentication):
        secret, client = authentication.client_secret, client_credential(authentication)
        if isinstance(secret, MissingSecret) or isinstance(client, MissingSecret):
            return ()
        return secret, *client.secrets()
    stored = stored_credential(authentication)
    return () if stored is None or isinstance(stored, MissingSecret) else stored.secrets()
