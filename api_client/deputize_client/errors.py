"""Why a call failed: one internal exception with a cause of a closed list, and what libraries' errors become.

Nothing here leaves the package as an exception: the client turns it into a ``TransportFailure``.
Texts of library errors are not quoted, because they may repeat a header line, and with it a credential.
"""

import os
import ssl

import httpx

from deputize_client.messages import TransportCause


class CallFailed(Exception):
    """A call cannot be made or ended without an answer: *cause* for programs, *message* for people."""

    def __init__(self, cause: TransportCause, message: str) -> None:
        super().__init__(message)
        self.cause: TransportCause = cause
        self.message = message


def shown(text: str, *, limit: int = 200) -> str:
    """Return *text* fit for a message: printable, without lone surrogates, at most *limit* characters."""
    cut = text if len(text) <= limit else text[:limit] + "…"
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in cut)


def os_reason(error: BaseException) -> str:
    """Return what the system said somewhere below *error* ("Connection refused"), else an empty text."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, OSError) and seen.errno and not isinstance(seen, ssl.SSLError):
            return os.strerror(seen.errno)
        if isinstance(seen, BaseExceptionGroup) and seen.exceptions:
            seen = seen.exceptions[0]
        else:
            seen = seen.__cause__ or seen.__context__
    return ""


def failure_from(error: httpx.HTTPError | httpx.InvalidURL, *, where: str) -> CallFailed:
    """Return what an error of httpx means; *where* names the endpoint and its address."""
    match error:
        case httpx.ConnectTimeout():
            return CallFailed("timeout", f"{where}: no connection was made in time. Try again later.")
        case httpx.TimeoutException():
            return CallFailed("timeout", f"{where}: no answer came in time. Try again later.")
        case httpx.ConnectError():
            reason = os_reason(error)
            said = f": {reason}" if reason else ""
            return CallFailed(
                "connect", f"{where}: the connection could not be made{said}. Check that the service is up."
            )
        case httpx.NetworkError():
            return CallFailed(
                "read", f"{where}: the connection broke before the answer was complete. Try again later."
            )
        case httpx.LocalProtocolError() | httpx.UnsupportedProtocol() | httpx.InvalidURL():
            return CallFailed(
                "invalid_request",
                f"{where}: the request is not valid HTTP. Check its path, parameters and headers.",
            )
        case _:
            return CallFailed(
                "protocol",
                f"{where}: the answer is not valid HTTP. Ask whoever runs the service to look at it.",
            )
