"""What goes into a call and what comes out of it, as values."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from deputize_client.bodies import Body
from deputize_client.references import Text

#: Why a call ended without an answer.
TransportCause = Literal[
    "dns",
    "connect",
    "tls",
    "timeout",
    "read",
    "protocol",
    "too_large",
    "egress_denied",
    "invalid_request",
    "unknown_endpoint",
    "answer_lost",
]

SentAs = Literal["initiator", "service", "anonymous"]

Headers: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundRequest:
    """A call that somebody wants made. It has no place for a user or a credential.

    A secret may be named where a text stands; its value is put in when the call is sent.
    """

    method: str
    #: Below the endpoint's base URL, with or without a leading slash; may carry a query.
    path: str
    #: The name of a configured endpoint.
    endpoint: str
    #: Appended to the query that the path has.
    params: tuple[tuple[str, Text], ...] = ()
    headers: tuple[tuple[str, Text], ...] = ()
    content: bytes | Body | None = field(default=None, repr=False)
    #: Sent as ``Content-Type`` unless the headers have one.
    content_type: str | None = None
    #: Seconds for the whole call; it can only shorten the client's own limit.
    timeout: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SentRequest:
    """The request as it went out, with marks for credentials in the headers and for secrets everywhere."""

    method: str
    url: str
    headers: Headers = ()
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedResponse:
    """An answer, whatever its status. Credentials of ours that it echoed are replaced."""

    status_code: int
    #: ``FORBIDDEN``, ``NOT_FOUND``: see ``status_message``.
    status_message: str
    headers: Headers
    #: Decompressed.
    content: bytes = field(repr=False)
    #: The content decoded by its charset; what cannot be decoded is U+FFFD.
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TransportFailure:
    """No answer: the cause for programs, a sentence for people."""

    cause: TransportCause
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialMissing:
    """Nothing was sent, because the credential that the call needs could not be had."""

    reason: str


CallOutcome: TypeAlias = ReceivedResponse | TransportFailure | CredentialMissing


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One call from its request to its outcome."""

    #: The name that was asked for, also when no endpoint has it.
    endpoint: str
    sent_as: SentAs
    request: SentRequest
    outcome: CallOutcome
    #: Seconds since the epoch.
    started: float
    #: Milliseconds by a monotonic clock, waiting for the credential included.
    elapsed_ms: float
    #: Whether a first answer was 401 to a stored token that had gone stale, and this is the second one.
    resent: bool = False
