"""The one exception of the HTTP client."""

from typing import Final, Literal, TypeAlias, cast, get_args

#: Why a call has no response: a closed list.
HttpErrorCause: TypeAlias = Literal[
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
    "status",
]
_CAUSES: Final = frozenset(get_args(HttpErrorCause))


class HttpError(Exception):
    """A call that brought no response, or ``raise_for_status`` on one that did not succeed.

    ``cause`` is one of ``HttpErrorCause``; ``status`` comes from ``raise_for_status`` only. No status
    raises by itself.
    """

    def __init__(self, message: str, cause: HttpErrorCause) -> None:
        super().__init__(message)
        #: One of ``HttpErrorCause``.
        self.cause: HttpErrorCause = cause


def http_error(message: str, cause: str | None) -> HttpError:
    """Return the error for *cause*; one that is not on the list counts as ``protocol``."""
    return HttpError(message, cast("HttpErrorCause", cause) if cause in _CAUSES else "protocol")
