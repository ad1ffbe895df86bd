"""Public keys of another issuer, fetched from its address when they are needed, and kept a while.

Theory of operation. The address is the one that the project names, and it is called by a bound client of
our own, as nobody and under the checks that every call passes: what a token says leads nowhere. The keys
are kept for ten minutes. A token with a key that is not among them has them fetched again, but at most once
a minute, so that tokens which anybody may make up do not become requests to others. All who need them
meanwhile wait for the same fetch. While the issuer does not answer, its last keys serve for an hour.
"""

import asyncio
import ssl
import time
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network
from typing import Final
from urllib.parse import urlsplit

from joserfc.jwk import Key

from deputize.credentials.key_sets import KeySet, KeySetUnreadable, KeysUnavailable
from deputize_client import (
    BoundClient,
    ClientLimits,
    CredentialUnavailable,
    Endpoint,
    Exchange,
    NoAuthentication,
    OutboundRequest,
    ReceivedResponse,
    Redactor,
    TransportFailure,
    TransportFor,
)
from deputize_client.egress import Resolver, system_resolver

#: Seconds for which keys are not asked for again, unless one is missing.
_KEPT: Final = 600
#: Seconds between two fetches.
_APART: Final = 60
#: Seconds for which the last keys serve while the issuer does not answer.
_STALE: Final = 3600
_OK: Final = 200


class FetchedKeys:
    """Keys at an address. Belongs to one event loop; close it with ``aclose``.

    *clock* gives seconds that never go back. *resolve*, *tls* and *transport* are as for ``BoundClient``.
    """

    def __init__(
        self,
        *,
        issuer: str,
        address: str,
        networks: tuple[IPv4Network | IPv6Network, ...] = (),
        admitted: frozenset[tuple[str, int]] = frozenset(),
        resolve: Resolver = system_resolver,
        tls: ssl.SSLContext | None = None,
        transport: TransportFor | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        parts = urlsplit(address)
        self._endpoint = Endpoint(
            name=f"oauth.issuers.{issuer}",
            base_url=f"{parts.scheme}://{parts.netloc}",
            authentication=NoAuthentication(),
            methods=frozenset({"GET"}),
            networks=networks,
            admitted=admitted,
        )
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._resolve = resolve
        self._tls = tls
        self._transport = transport
        self._clock = clock
        self._kept: KeySet | None = None
        self._fetched = self._asked = -float("inf")
        self._failure = ""
        self._fetch: asyncio.Task[None] | None = None

    def __repr__(self) -> str:
        return f"<FetchedKeys of {self._endpoint.name}>"

    async def key(self, key_id: str | None) -> Key | KeysUnavailable | None:
        """Return the key of that id, fetched if it has to be; None when the issuer has none."""
        if self._fetch is None and self._is_due(key_id):
            self._asked = self._clock()
            self._fetch = asyncio.create_task(self._renew())
            self._fetch.add_done_callback(self._done)
        if self._fetch is not None:
            await asyncio.shield(self._fetch)
        if self._kept is None or self._clock() - self._fetched >= _STALE:
            return KeysUnavailable(why=self._failure)
        return self._kept.find(key_id)

    async def aclose(self) -> None:
        """Stop a fetch that is under way."""
        if self._fetch is not None:
            self._fetch.cancel()
            await asyncio.gather(self._fetch, return_exceptions=True)

    def _is_due(self, key_id: str | None) -> bool:
        now = self._clock()
        if now - self._asked < _APART:
            return False
        return self._kept is None or now - self._fetched >= _KEPT or self._kept.find(key_id) is None

    async def _renew(self) -> None:
        client = BoundClient(
            endpoints={self._endpoint.name: self._endpoint},
            credentials=_Nobody(),
            limits=ClientLimits(total_seconds=10, response_bytes=256 * 1024),
            redactor=Redactor(),
            resolve=self._resolve,
            tls=self._tls,
            transport=self._transport,
        )
        try:
            exchange = await client.send(
                OutboundRequest(
                    method="GET",
                    path=self._path,
                    endpoint=self._endpoint.name,
                    headers=(("Accept", "application/jwk-set+json, application/json"),),
                )
            )
        finally:
            await client.aclose()
        try:
            self._kept = KeySet.read(_content(exchange))
        except KeySetUnreadable as error:
            self._failure = f"the keys of {self._endpoint.name} cannot be had: {error}"
        else:
            self._fetched = self._clock()

    def _done(self, _: "asyncio.Task[None]") -> None:
        self._fetch = None


class _Nobody:
    """The keys are public: nobody asks for them."""

    async def credential(self, endpoint: Endpoint) -> CredentialUnavailable:
        return CredentialUnavailable(f"endpoint {endpoint.name!r} is called as nobody")


def _content(exchange: Exchange) -> bytes:
    match exchange.outcome:
        case ReceivedResponse(status_code=status, content=content) if status == _OK:
            return content
        case ReceivedResponse(status_code=status, status_message=message):
            raise KeySetUnreadable(f"jwks_uri answered {status} {message}")
        case TransportFailure(message=message):
            raise KeySetUnreadable(message)
        case other:
            raise AssertionError(f"nobody was sent as: {other!r}")
