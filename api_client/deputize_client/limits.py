"""What one call may cost in time and in memory."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientLimits:
    """Bounds of one call; the first that is reached ends it."""

    #: Seconds until a name is resolved.
    resolve_seconds: float = 5
    #: Seconds until a connection stands, and again until TLS is agreed.
    connect_seconds: float = 5
    #: Seconds from the end of the request to the first byte of the answer.
    first_byte_seconds: float = 15
    #: Seconds without a byte in the middle of an answer, or without progress while sending.
    idle_seconds: float = 15
    #: Seconds for everything together, however steadily the answer drips.
    total_seconds: float = 30
    #: Bytes of an answer's body, after decompression and before it.
    response_bytes: int = 4 * 1024 * 1024
    #: Number of an answer's header lines.
    response_headers: int = 256
    #: Bytes of all header lines together, of a request or of an answer.
    header_bytes: int = 64 * 1024
    #: Bytes of a request's body.
    request_bytes: int = 4 * 1024 * 1024
