"""A connection that names its own time limits and knows whether it may carry a second call.

Theory of operation: a server that sends more than one answer to one request leaves the surplus in the
HTTP library's buffer, where it would be taken for the answer to the next request. httpcore asks a
connection that lies idle whether it is readable, and throws it away if so. This stream answers yes
unless the bytes since the last request are exactly one answer: a head, and a body of the length that
the head states. Whatever cannot be verified so (a chunked body, an answer that ends with the
connection, a 1xx before the answer) costs a new connection and can confuse nobody.
"""

import re
import ssl
from typing import Any

import httpcore

from deputize_client.errors import CallFailed
from deputize_client.limits import ClientLimits

_HEAD_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r\n", re.IGNORECASE)
_CODED = re.compile(rb"\r\ntransfer-encoding[ \t]*:", re.IGNORECASE)
_STATUS = re.compile(rb"HTTP/1\.1 (\d{3})")
_BODYLESS = (b"204", b"304")
#: A longer head is refused by the HTTP library anyway.
_LONGEST_HEAD = 256 * 1024


class CountedStream(httpcore.AsyncNetworkStream):
    """Wraps a connection; raises ``CallFailed`` (timeout, tls) and httpcore's errors."""

    def __init__(self, stream: httpcore.AsyncNetworkStream, *, where: str, limits: ClientLimits) -> None:
        self._stream = stream
        self._where = where
        self._limits = limits
        self._received = 0
        self._head = b""
        #: Bytes of the head of the answer that is being read; None until its end was seen.
        self._head_length: int | None = None
        self._bodyless_request = False

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's
        """Return bytes, the limits being the client's: before the first byte and between bytes."""
        first = self._received == 0
        seconds = self._limits.first_byte_seconds if first else self._limits.idle_seconds
        try:
            chunk = await self._stream.read(max_bytes, seconds)
        except httpcore.ReadTimeout:
            what = "first byte of the answer" if first else "further byte of the answer"
            raise CallFailed(
                "timeout", f"{self._where}: no {what} within {seconds:g} s. Try again later."
            ) from None
        except ssl.SSLError as error:
            raise _tls_failure(self._where, error) from None
        if first and not chunk:
            raise httpcore.ReadError("closed before the answer")
        self._count(chunk)
        return chunk

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - httpcore's
        """Send bytes; the first after an answer begin a new request."""
        if self._received:
            self._received, self._head, self._head_length = 0, b"", None
            self._bodyless_request = False
        if buffer.startswith(b"HEAD "):
            self._bodyless_request = True
        try:
            await self._stream.write(buffer, self._limits.idle_seconds)
        except httpcore.WriteTimeout:
            raise CallFailed(
                "timeout",
                f"{self._where}: the request was not taken within {self._limits.idle_seconds:g} s."
                " Try again later.",
            ) from None
        except ssl.SSLError as error:
            raise _tls_failure(self._where, error) from None

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
    ) -> httpcore.AsyncNetworkStream:
        """Return the connection under TLS, the server's certificate verified for its name."""
        try:
            stream = await self._stream.start_tls(ssl_context, server_hostname, self._limits.connect_seconds)
        except httpcore.ConnectTimeout:
            raise CallFailed(
                "timeout",
                f"{self._where}: TLS was not agreed within {self._limits.connect_seconds:g} s."
                " Try again later.",
            ) from None
        except httpcore.ConnectError as error:
            raise _tls_failure(self._where, error.__cause__) from None
        return CountedStream(stream, where=self._where, limits=self._limits)

    async def aclose(self) -> None:
        """Close the connection."""
        await self._stream.aclose()

    def get_extra_info(self, info: str) -> Any:
        """Return what httpcore asks; ``is_readable`` is true also when bytes may be left over."""
        if info == "is_readable" and self._received and not self._is_exactly_one_answer():
            return True
        return self._stream.get_extra_info(info)

    def _count(self, chunk: bytes) -> None:
        self._received += len(chunk)
        if self._head_length is None and len(self._head) < _LONGEST_HEAD:
            self._head += chunk
            end = self._head.find(_HEAD_END)
            if end >= 0:
                self._head_length = end + len(_HEAD_END)
                self._head = self._head[: self._head_length]

    def _is_exactly_one_answer(self) -> bool:
        status = _STATUS.match(self._head)
        if self._head_length is None or status is None or _CODED.search(self._head):
            return False
        if self._bodyless_request or status[1] in _BODYLESS:
            return self._received == self._head_length
        lengths = {int(each) for each in _LENGTH.findall(self._head)}
        return len(lengths) == 1 and self._received == self._head_length + lengths.pop()


def _tls_failure(where: str, error: BaseException | None) -> CallFailed:
    said = "the handshake failed"
    if isinstance(error, ssl.SSLCertVerificationError):
        said = f"the certificate is not accepted: {error.verify_message}"
    elif isinstance(error, ssl.SSLError) and error.reason:
        said = error.reason.lower().replace("_", " ")
    return CallFailed("tls", f"{where}: {said}. Certificates are always verified; correct the service's.")
