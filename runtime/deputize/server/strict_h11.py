"""A connection of h11 that refuses every request whose end could be read in two ways.

h11 is lenient where RFC 9112 allows it: it takes a lone LF for the end of a line, joins folded lines,
drops one of two equal lengths, and prefers chunks to a length. Whatever stands before this server may
decide otherwise, and what it takes for a body would then be answered here as a request (security model
C-32). So each of these is an error, after which nothing more is read. The end of a chunked body is the
one place where h11's leniency cannot be seen from outside: after such a request the connection ends.
"""

import re
from typing import Final

import h11

#: A CR or LF without the other, a line that goes on, or a line before the first. A CR at the very end
#: may be half of a pair.
_LOOSE_LINE: Final = re.compile(rb"(?<!\r)\n|\r(?!\n|\Z)|\r\n[ \t]|\A[\r\n]")
_LENGTH: Final = re.compile(rb"\r\ncontent-length[ \t]*:([^\r]*)", re.IGNORECASE)
_END: Final = b"\r\n\r\n"
_CLOSE: Final = (b"connection", b"close")


class StrictConnection(h11.Connection):
    """The server's side of a connection."""

    def next_event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        """Return what came next. Raises ``h11.RemoteProtocolError`` for what is ambiguous."""
        if self.their_state is h11.IDLE:
            _refuse_loose(self.trailing_data[0])
        event = super().next_event()
        return _only_framing(event) if isinstance(event, h11.Request) else event


def _refuse_loose(received: bytes) -> None:
    """Raise for a head that is not written strictly, as soon as that shows."""
    head, ended, _ = received.partition(_END)
    if _LOOSE_LINE.search(head + (b"\r\n" if ended else b"")):
        raise h11.RemoteProtocolError("a line of the head does not end in CR LF, or is folded")
    lengths = _LENGTH.findall(head)
    if len(lengths) > 1 or any(b"," in each for each in lengths):
        raise h11.RemoteProtocolError("there is more than one Content-Length")


def _only_framing(request: h11.Request) -> h11.Request:
    """Return *request*, with which the connection ends when its body is chunked."""
    names = {name for name, _ in request.headers}
    if b"transfer-encoding" not in names:
        return request
    if b"content-length" in names or request.http_version != b"1.1":
        raise h11.RemoteProtocolError("a chunked body has a length, or came before HTTP/1.1")
    return h11.Request(
        method=request.method,
        target=request.target,
        headers=[*request.headers, _CLOSE],
        http_version=request.http_version,
    )
