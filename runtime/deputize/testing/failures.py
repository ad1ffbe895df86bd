"""What a mocked endpoint raises for each way in which a call can end without an answer."""

from typing import Final, get_args

import httpx

from deputize_client.errors import CallFailed
from deputize_client.messages import TransportCause

#: Those that the HTTP library raises; the client words them as it does a real one.
_RAISED: Final[dict[str, type[httpx.TransportError]]] = {
    "timeout": httpx.ReadTimeout,
    "connect": httpx.ConnectError,
    "read": httpx.ReadError,
    "protocol": httpx.RemoteProtocolError,
}
#: What the client itself finds out.
_FOUND: Final = {
    "dns": "the name cannot be resolved. Check the endpoint's base_url and the DNS.",
    "tls": "the handshake failed. Certificates are always verified; correct the service's.",
    "too_large": "the answer is too long. Ask for less.",
    "egress_denied": "the address is not public, so no connection was made.",
    "invalid_request": "the request is not valid HTTP. Check its path, parameters and headers.",
    "unknown_endpoint": "no endpoint has been defined with this name.",
    "answer_lost": "the call was sent by a worker that ended, and its answer is lost.",
}


def failure(cause: str, *, endpoint: str) -> Exception:
    """Return what ends a call to *endpoint* with *cause*. Raises ``ValueError`` for an unknown cause."""
    if cause in _RAISED:
        return _RAISED[cause]("made to fail by the test")
    for known in get_args(TransportCause):
        if cause == known:
            return CallFailed(known, f"endpoint {endpoint!r}: {_FOUND[cause]}")
    raise ValueError(f"fail({cause!r}): no such cause. Causes: {', '.join(get_args(TransportCause))}.")
