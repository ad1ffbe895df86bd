"""Which method, how much time and how long a body a call may have."""

import math

from deputize_client.endpoint import METHODS, Endpoint
from deputize_client.errors import CallFailed, shown
from deputize_client.limits import ClientLimits


def checked_method(endpoint: Endpoint, method: str) -> str:
    """Return *method* in upper case; raises ``CallFailed`` (invalid_request), listing those allowed."""
    upper = method.upper()
    allowed = METHODS if endpoint.methods is None else endpoint.methods
    if upper not in allowed:
        raise CallFailed(
            "invalid_request",
            f"{endpoint.where}: the method {shown(method)!r} is not allowed."
            f" Use {', '.join(sorted(allowed))}.",
        )
    return upper


def checked_seconds(endpoint: Endpoint, timeout: float | None, *, limits: ClientLimits) -> float:
    """Return the seconds that the call may take; *timeout* can only shorten the limit.

    Raises ``CallFailed`` (invalid_request) for one that is not a number above 0.
    """
    if timeout is None:
        return limits.total_seconds
    if not math.isfinite(timeout) or timeout <= 0:
        raise CallFailed(
            "invalid_request", f"{endpoint.where}: the timeout {timeout} is no time. Give seconds above 0."
        )
    return min(timeout, limits.total_seconds)


def check_body(endpoint: Endpoint, content: bytes | None, *, limits: ClientLimits) -> None:
    """Raise ``CallFailed`` (too_large) when the request's body is longer than allowed."""
    if content is not None and len(content) > limits.request_bytes:
        raise CallFailed(
            "too_large",
            f"{endpoint.where}: the request's body has {len(content)} bytes;"
            f" the limit is {limits.request_bytes}. Send less.",
        )
