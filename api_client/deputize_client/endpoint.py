"""A place that may be called: its address, how calls prove who they are, and what they may reach."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network

import httpx

from deputize_client.authentication import (
    AsInitiator,
    Authentication,
    ClientCredentialsAuthentication,
    NoAuthentication,
    stored_credential,
    stored_secrets,
)
from deputize_client.credentials import Credential, MissingSecret, Secret
from deputize_client.errors import CallFailed, shown
from deputize_client.messages import SentAs

#: The methods that a call may use.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A named base URL. Raises ``ValueError``, naming the endpoint, when it cannot be one."""

    name: str
    #: ``http`` or ``https``; no user, query or fragment. A path is kept in front of every call's path.
    base_url: str
    authentication: Authentication
    #: Upper case; None admits every method of ``METHODS``.
    methods: frozenset[str] | None = None
    #: Paths below the base URL that may be called, each with all that lies below it; None admits every one.
    paths: tuple[str, ...] | None = None
    #: Networks that are not public and may be reached all the same.
    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    #: Whether it tells a call that comes again by its ``Idempotency-Key``, and does it once.
    knows_idempotency_keys: bool = False
    #: Exact (address, port) of listeners that the product itself started.
    admitted: frozenset[tuple[str, int]] = frozenset()

    def __post_init__(self) -> None:
        _check_url(f"endpoint {self.name!r}: base_url", self.base_url, without="query and no fragment")
        if isinstance(self.authentication, ClientCredentialsAuthentication):
            url = self.authentication.token_url
            _check_url(f"endpoint {self.name!r}: token_url", url, without="fragment")
        if self.methods is not None and (unknown := self.methods - METHODS):
            raise ValueError(
                f"endpoint {self.name!r}: methods has {sorted(unknown)}; known are {sorted(METHODS)}"
            )

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port, as they are dialled."""
        return origin_of(httpx.URL(self.base_url))

    @property
    def where(self) -> str:
        """The endpoint as messages name it: its name and its address."""
        _, host, port = self.origin
        shown_host = f"[{host}]" if ":" in host else host
        return f"endpoint {self.name!r} ({shown_host}:{port})"

    @property
    def sent_as(self) -> SentAs:
        """Whose authority a call has."""
        match self.authentication:
            case AsInitiator():
                return "initiator"
            case NoAuthentication():
                return "anonymous"
            case _:
                return "service"

    def lacking(self, missing: MissingSecret) -> str:
        """Return the sentence that says which secret is not set, and where to set it."""
        return (
            f"Endpoint {self.name!r} needs the secret {missing.name!r}, which is not set."
            f" Set {missing.setting}."
        )

    def secrets(self) -> tuple[Secret, ...]:
        """Return what must be redacted of the stored authentication; empty when it has none."""
        return stored_secrets(self.authentication)

    def stored_credential(self) -> Credential | MissingSecret | None:
        """Return the stored credential, the secret that it lacks, or None when none is sent as stored."""
        return stored_credential(self.authentication)


def origin_of(url: httpx.URL) -> tuple[str, str, int]:
    """Return scheme, host and port of *url*, the default port spelled out."""
    return url.scheme, url.raw_host.decode("ascii"), url.port or _PORTS.get(url.scheme, 0)


def find_endpoint(name: str, endpoints: Mapping[str, Endpoint]) -> Endpoint:
    """Return the endpoint *name*; raises ``CallFailed`` that suggests the nearest name."""
    if name in endpoints:
        return endpoints[name]
    raise CallFailed("unknown_endpoint", unknown_endpoint(name, endpoints))


def unknown_endpoint(name: str, known: Iterable[str]) -> str:
    """Return the sentence for an endpoint that is none of *known*: the same wherever it is noticed."""
    message = f"No endpoint has been defined with name {shown(name)!r}."
    by_folded = {each.casefold(): each for each in known}
    if near := get_close_matches(name[:200].casefold(), by_folded, n=1):
        message += f' Did you mean "{by_folded[near[0]]}"?'
    return f"{message} Endpoints: {', '.join(sorted(by_folded.values())) or 'none'}."


def _check_url(setting: str, text: str, *, without: str) -> None:
    """Raise ``ValueError`` naming *setting* when *text* is no address of a service, *without* some part."""
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        raise ValueError(f"{setting} {shown(text)!r} is not a URL") from None
    if url.userinfo:
        # Not shown: it holds a password.
        raise ValueError(f"{setting} must not carry a user or password; use the endpoint's authentication")
    wrong = None
    if url.scheme not in _PORTS or not url.host:
        wrong = "must begin with http:// or https:// and a host"
    elif "#" in text or ("?" in text and "query" in without):
        wrong = f"must have no {without}"
    elif "\\" in text or not text.isprintable() or " " in text:
        wrong = "must have no backslash, space or control character"
    if wrong is not None:
        raise ValueError(f"{setting} {shown(text)!r} {wrong}")
