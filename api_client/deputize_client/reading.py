"""Reads an answer's body within bounds, decompressing as it comes."""

import re
import zlib
from collections.abc import AsyncIterable

from deputize_client.errors import CallFailed
from deputize_client.limits import ClientLimits

#: What we ask for; anything else is refused, a second layer of encoding too.
ACCEPT_ENCODING = "gzip, deflate"

_GZIP_BITS, _ZLIB_BITS, _RAW_BITS = 31, 15, -15
#: Slack for an encoding's own framing around a body that is just within the limit.
_FRAMING_BYTES = 64 * 1024
#: Charsets that are read; the codec names of Python hold things that are none, and slow ones.
_CHARSET = re.compile(
    r"utf-?8|us-?ascii|utf-?16(-?[lb]e)?|utf-?32(-?[lb]e)?|latin-?1|iso-?8859-?\d{1,2}|windows-?\d{3,4}"
    r"|cp-?\d{3,4}|koi8-[ru]|gb2312|gbk|gb18030|big5|shift-?jis|euc-?(jp|kr)",
    re.IGNORECASE,
)
_CHARSET_PARAMETER = re.compile(r";\s*charset\s*=\s*\"?([A-Za-z0-9._-]{1,40})\"?", re.IGNORECASE)


def check_headers(headers: list[tuple[bytes, bytes]], *, limits: ClientLimits, where: str) -> None:
    """Raise ``CallFailed`` (too_large) when an answer has too many header lines, or too long ones."""
    if len(headers) > limits.response_headers:
        raise _too_large(where, f"has {len(headers)} header lines", f"{limits.response_headers} lines")
    size = sum(len(name) + len(value) + 4 for name, value in headers)
    if size > limits.header_bytes:
        raise _too_large(where, f"has {size} bytes of headers", f"{limits.header_bytes} bytes")


async def read_body(
    chunks: AsyncIterable[bytes], *, encoding: str, limits: ClientLimits, where: str
) -> bytes:
    """Return the whole body, decompressed; *encoding* is the ``Content-Encoding``, or empty.

    Raises ``CallFailed``: too_large before the limit is exceeded in memory, protocol when the body
    cannot be decompressed or ends early.
    """
    decoder = _decoder(encoding, limits.response_bytes, where)
    received = 0
    body = bytearray()
    async for chunk in chunks:
        received += len(chunk)
        if received > limits.response_bytes + (_FRAMING_BYTES if decoder else 0):
            raise _too_large(
                where, "has a body that is longer than allowed", f"{limits.response_bytes} bytes"
            )
        if decoder is None:
            body += chunk
        else:
            decoder.feed(chunk, body)
    if decoder is not None:
        decoder.finish(empty=received == 0)
    return bytes(body)


def charset_of(content_type: str) -> str:
    """Return the charset of a ``Content-Type``; UTF-8 when it names none, or none that is known."""
    named = _CHARSET_PARAMETER.search(content_type)
    if named is None or _CHARSET.fullmatch(named[1]) is None:
        return "utf-8"
    try:
        "".encode(named[1])
    except LookupError:
        return "utf-8"
    return named[1]


class _Inflater:
    """Inflates piece by piece; never holds more than the limit and one piece."""

    _PIECE = 64 * 1024

    def __init__(self, bits: int, limit: int, where: str) -> None:
        self._bits = bits
        self._limit = limit
        self._where = where
        self._inflate = zlib.decompressobj(bits)
        self._begun = False

    def feed(self, chunk: bytes, body: bytearray) -> None:
        data, full = chunk, False
        # A full piece may leave output inside zlib although all input was taken.
        while data or full:
            if self._inflate.eof:
                if self._bits != _GZIP_BITS:
                    raise self._broken()
                # A gzip body may be several members one after the other.
                self._inflate, self._begun = zlib.decompressobj(self._bits), False
            piece = self._piece(data)
            body += piece
            if len(body) > self._limit:
                raise _too_large(
                    self._where, "has a body that is longer than allowed", f"{self._limit} bytes"
                )
            data = self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail
            full = len(piece) == self._PIECE and not self._inflate.eof

    def _piece(self, data: bytes) -> bytes:
        try:
            piece = self._inflate.decompress(data, self._PIECE)
        except zlib.error:
            if self._begun or self._bits != _ZLIB_BITS:
                raise self._broken() from None
            # "deflate" should be zlib's format, and is the bare one from some servers.
            self._bits = _RAW_BITS
            self._inflate = zlib.decompressobj(_RAW_BITS)
            return self._piece(data)
        self._begun = True
        return piece

    def finish(self, *, empty: bool) -> None:
        if not (self._inflate.eof or empty):
            raise self._broken()

    def _broken(self) -> CallFailed:
        return CallFailed(
            "protocol",
            f"{self._where}: the answer's body cannot be decompressed."
            " Ask whoever runs the service to look at it.",
        )


def _decoder(encoding: str, limit: int, where: str) -> _Inflater | None:
    match encoding.strip().lower():
        case "" | "identity":
            return None
        case "gzip" | "x-gzip":
            return _Inflater(_GZIP_BITS, limit, where)
        case "deflate":
            return _Inflater(_ZLIB_BITS, limit, where)
        case _:
            raise CallFailed(
                "protocol",
                f"{where}: the answer's body is encoded in a way that was not asked for."
                f" Only one of {ACCEPT_ENCODING} is read.",
            )


def _too_large(where: str, what: str, limit: str) -> CallFailed:
    return CallFailed("too_large", f"{where}: the answer {what}; the limit is {limit}. Ask for less.")
