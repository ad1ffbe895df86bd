"""Tokens of OAuth 2 client credentials: fetched when needed, kept while good, one fetch at a time.

Theory of operation: one source serves every run of the process. It is asked before every call; while
the kept token is good, the answer costs nothing. Otherwise the first who asks starts a fetch, and all
who ask meanwhile wait for that same one; it is a task of its own, so that a run that is stopped takes
nobody's token away. What is kept is kept per endpoint *and* client: another secret, another scope or an
endpoint of the same name in another plan is another key. The token endpoint is called by a bound client
of its own, under the same checks as every call, and as nobody.
"""

import asyncio
import hashlib
import secrets
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from deputize_client.access_tokens import AccessToken
from deputize_client.authentication import ClientCredentialsAuthentication
from deputize_client.client import BoundClient
from deputize_client.credential_source import CredentialUnavailable
from deputize_client.credentials import MissingSecret, Secret
from deputize_client.egress import Resolver, system_resolver
from deputize_client.endpoint import Endpoint
from deputize_client.limits import ClientLimits
from deputize_client.redaction import Redactor
from deputize_client.token_request import (
    Issued,
    read_answer,
    token_endpoint,
    token_request,
    token_secrets,
)
from deputize_client.transport import TransportFor

#: A token is replaced when this part of its life is left, or so many seconds if that is less.
_LAST_PART, _MARGIN_SECONDS = 10, 30.0

_Key: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    token: Secret
    #: Seconds of the source's clock.
    until: float


class TokenSource:
    """Implements ``AccessTokens``. Belongs to one event loop; close it with ``aclose``.

    *clock* gives seconds that never go back. *resolve*, *tls* and *transport* are as for ``BoundClient``.
    """

    def __init__(
        self,
        *,
        limits: ClientLimits = ClientLimits(total_seconds=15, response_bytes=64 * 1024),  # noqa: B008 - a value
        resolve: Resolver = system_resolver,
        tls: ssl.SSLContext | None = None,
        transport: TransportFor | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limits = limits
        self._resolve = resolve
        self._tls = tls
        self._transport = transport
        self._clock = clock
        #: Without it a key could be compared with guesses of the secret.
        self._salt = secrets.token_bytes(32)
        self._kept: dict[_Key, _Kept] = {}
        self._fetches: dict[_Key, asyncio.Task[Issued | CredentialUnavailable]] = {}

    def __repr__(self) -> str:
        return f"<TokenSource of {len(self._kept)} tokens>"

    async def token(self, endpoint: Endpoint) -> AccessToken | CredentialUnavailable:
        """Return the kept token of *endpoint*, or a new one, or why there is none."""
        authentication = _authentication(endpoint)
        if isinstance(authentication.client_secret, MissingSecret):
            return CredentialUnavailable(endpoint.lacking(authentication.client_secret))
        key = self._key(endpoint, authentication)
        kept = self._kept.get(key)
        if kept is not None and self._clock() < kept.until:
            return AccessToken(kept.token, fresh=False)
        fetch = self._fetches.get(key)
        if fetch is None:
            fetch = asyncio.create_task(self._fetch(key, endpoint, authentication))
            self._fetches[key] = fetch
            fetch.add_done_callback(lambda _: self._fetches.pop(key, None))
        issued = await asyncio.shield(fetch)
        return issued if isinstance(issued, CredentialUnavailable) else AccessToken(issued.token, fresh=True)

    def discard(self, endpoint: Endpoint, token: Secret) -> None:
        """Forget *token*; one that has replaced it stays."""
        key = self._key(endpoint, _authentication(endpoint))
        kept = self._kept.get(key)
        if kept is not None and kept.token == token:
            del self._kept[key]

    async def aclose(self) -> None:
        """Forget every token and stop the fetches that are under way."""
        self._kept.clear()
        fetches = list(self._fetches.values())
        for fetch in fetches:
            fetch.cancel()
        await asyncio.gather(*fetches, return_exceptions=True)

    async def _fetch(
        self, key: _Key, endpoint: Endpoint, authentication: ClientCredentialsAuthentication
    ) -> Issued | CredentialUnavailable:
        asked = self._clock()
        issuer = token_endpoint(endpoint, authentication)
        redactor = Redactor()
        for secret in endpoint.secrets():
            redactor.register(secret)
        client = BoundClient(
            endpoints={issuer.name: issuer},
            credentials=_Nobody(),
            secrets=token_secrets(endpoint, authentication),
            limits=self._limits,
            redactor=redactor,
            resolve=self._resolve,
            tls=self._tls,
            transport=self._transport,
        )
        try:
            exchange = await client.send(token_request(endpoint, authentication))
        finally:
            await client.aclose()
        issued = read_answer(endpoint, authentication, exchange.outcome, redactor=redactor)
        now = self._clock()
        self._kept = {each: kept for each, kept in self._kept.items() if now < kept.until}
        if isinstance(issued, Issued):
            margin = min(issued.seconds / _LAST_PART, _MARGIN_SECONDS)
            self._kept[key] = _Kept(issued.token, until=asked + issued.seconds - margin)
        return issued

    def _key(self, endpoint: Endpoint, authentication: ClientCredentialsAuthentication) -> _Key:
        secret = authentication.client_secret
        known = secret.reveal() if isinstance(secret, Secret) else ""
        return (
            endpoint.name,
            endpoint.base_url,
            authentication.token_url,
            authentication.client_id,
            authentication.scope,
            authentication.client_in,
            hashlib.blake2b(known.encode(), key=self._salt, digest_size=32).digest(),
        )


class _Nobody:
    """The token endpoint is never called as an initiator."""

    async def credential(self, endpoint: Endpoint) -> CredentialUnavailable:
        return CredentialUnavailable(f"endpoint {endpoint.name!r} is called as nobody")


def _authentication(endpoint: Endpoint) -> ClientCredentialsAuthentication:
    if not isinstance(endpoint.authentication, ClientCredentialsAuthentication):
        raise TypeError(f"{endpoint.where} has no client credentials")
    return endpoint.authentication
