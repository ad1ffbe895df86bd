"""Where a connection may go: one endpoint's address, resolved once, checked, and dialled as checked.

Theory of operation: httpcore asks this backend for a connection to (host, port). The host is resolved
here, once; every address of the answer is judged; and the connection is made to an address that was
judged, so a second answer of the name server (DNS rebinding) is never asked for. One address that may
not be reached refuses the name, because the next connection might take it. Each endpoint has its own
backend and pool: what one endpoint may reach says nothing about another.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence

import httpcore

from deputize_client.addresses import Address, forbidden_kind, parse_address
from deputize_client.endpoint import Endpoint
from deputize_client.errors import CallFailed, os_reason
from deputize_client.limits import ClientLimits
from deputize_client.streams import CountedStream

#: (host, port) -> every address of the host, as text. Raises ``OSError`` when there is none.
Resolver = Callable[[str, int], Awaitable[Sequence[str]]]


async def system_resolver(host: str, port: int) -> Sequence[str]:
    """Return the addresses that the system's resolver gives for *host*."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class PinnedBackend(httpcore.AsyncNetworkBackend):
    """Connects to the one endpoint it was made for, and to checked addresses only."""

    def __init__(self, endpoint: Endpoint, *, limits: ClientLimits, resolve: Resolver) -> None:
        self._endpoint = endpoint
        self._limits = limits
        self._resolve = resolve
        self._dialler = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Return a connection; raises ``CallFailed`` (dns, connect, timeout, egress_denied)."""
        if (host, port) != self._endpoint.origin[1:]:
            raise CallFailed(
                "egress_denied", f"{self._endpoint.where}: the request would go to another address."
            )
        addresses = await self._addresses(host, port)
        for address in addresses:
            self._check(address, port)
        try:
            async with asyncio.timeout(self._limits.connect_seconds):
                stream = await self._dial(addresses, port)
        except TimeoutError:
            raise CallFailed(
                "timeout",
                f"{self._endpoint.where}: no connection within {self._limits.connect_seconds:g} s."
                " Check that the service is up.",
            ) from None
        return CountedStream(stream, where=self._endpoint.where, limits=self._limits)

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: no endpoint is a Unix socket."""
        raise CallFailed("egress_denied", f"{self._endpoint.where}: Unix sockets are not reached.")

    async def sleep(self, seconds: float) -> None:
        """Wait; httpcore calls this between its own retries, which are switched off."""
        await asyncio.sleep(seconds)

    async def _dial(self, addresses: Sequence[Address], port: int) -> httpcore.AsyncNetworkStream:
        failed: CallFailed | None = None
        for address in addresses:
            try:
                return await self._dialler.connect_tcp(str(address), port)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                said = os_reason(error) or "no connection"
                failed = CallFailed(
                    "connect",
                    f"{self._endpoint.where}: {said} at {address}. Check that the service is up.",
                )
        raise failed or CallFailed("dns", f"{self._endpoint.where}: the name has no address.") from None

    async def _addresses(self, host: str, port: int) -> list[Address]:
        literal = parse_address(host)
        if literal is not None:
            return [literal]
        try:
            async with asyncio.timeout(self._limits.resolve_seconds):
                answer = await self._resolve(host, port)
        except TimeoutError:
            raise self._unresolved(f"gave no answer within {self._limits.resolve_seconds:g} s") from None
        except (OSError, UnicodeError):
            raise self._unresolved("cannot be resolved") from None
        found = [(text, parse_address(text)) for text in dict.fromkeys(answer)]
        for text, address in found:
            if address is None:
                raise self._denied(text, "not a plain address")
        if not found:
            raise self._unresolved("has no address")
        return [address for _, address in found if address is not None]

    def _check(self, address: Address, port: int) -> None:
        if (str(address), port) in self._endpoint.admitted:
            return
        kind = forbidden_kind(address, self._endpoint.networks)
        if kind is not None:
            raise self._denied(str(address), kind)

    def _denied(self, address: str, kind: str) -> CallFailed:
        return CallFailed(
            "egress_denied",
            f"{self._endpoint.where}: the address {address} is not public ({kind}), so no connection"
            " was made. If it is meant, add its network to `networks` of the endpoint.",
        )

    def _unresolved(self, what: str) -> CallFailed:
        return CallFailed(
            "dns", f"{self._endpoint.where}: the name {what}. Check the endpoint's base_url and the DNS."
        )
