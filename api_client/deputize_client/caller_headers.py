"""Which headers a caller may put on a call."""

import re

from deputize_client.authentication import NoAuthentication
from deputize_client.endpoint import Endpoint
from deputize_client.errors import CallFailed, shown
from deputize_client.limits import ClientLimits
from deputize_client.messages import Headers

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")

#: Who the caller is and whom it calls: ours wherever a credential of ours goes out.
_IDENTITY = frozenset({"authorization", "proxy-authorization", "cookie", "host"})
#: Framing and connection: the HTTP library's alone.
_CONNECTION = frozenset(
    {
        "connection",
        "content-length",
        "expect",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
#: They make a server believe in another sender or another path than the checked one.
_DISGUISE = frozenset({"forwarded", "x-original-url", "x-rewrite-url"})
_METHOD_DISGUISE = frozenset({"x-http-method", "x-http-method-override", "x-method-override"})


def checked_headers(endpoint: Endpoint, headers: Headers, *, limits: ClientLimits) -> Headers:
    """Return *headers*, values stripped of surrounding spaces.

    Raises ``CallFailed`` (invalid_request), naming the header, for one that is malformed or is not
    the caller's to set.
    """
    size = sum(len(name) + len(value) + 4 for name, value in headers)
    if size > limits.header_bytes:
        raise CallFailed(
            "invalid_request",
            f"{endpoint.where}: the request has {size} bytes of headers; the limit is {limits.header_bytes}."
            " Send fewer.",
        )
    checked = []
    for name, value in headers:
        if _TOKEN.fullmatch(name) is None:
            raise _refused(endpoint, name, "its name is not valid", "Correct the name.")
        if not _is_sendable(value):
            raise _refused(endpoint, name, "its value holds a control character", "Remove the character.")
        _check_name(endpoint, name)
        checked.append((name, value.strip(" ")))
    return tuple(checked)


def check_collision(endpoint: Endpoint, headers: Headers, credential_headers: frozenset[str]) -> None:
    """Raise ``CallFailed`` (invalid_request) for a header that our credential sets.

    *credential_headers* are names in lower case.
    """
    for name, _ in headers:
        if name.lower().replace("_", "-") in credential_headers:
            raise _not_the_callers(endpoint, name)


def _is_sendable(value: str) -> bool:
    return not any(each < " " or "\x7f" <= each <= "\x9f" or "\ud800" <= each <= "\udfff" for each in value)


def _check_name(endpoint: Endpoint, name: str) -> None:
    # Many servers read an underscore as a hyphen.
    plain = name.lower().replace("_", "-")
    if plain in _CONNECTION:
        raise _refused(endpoint, name, "the client sets it", "Leave it out.")
    if plain in _DISGUISE or plain.startswith("x-forwarded-"):
        raise _refused(endpoint, name, "it disguises who is calling, or what", "Leave it out.")
    if endpoint.methods is not None and plain in _METHOD_DISGUISE:
        raise _refused(endpoint, name, "the endpoint's methods are limited", "Use the method itself.")
    if isinstance(endpoint.authentication, NoAuthentication):
        return
    if plain in _IDENTITY:
        raise _not_the_callers(endpoint, name)


def _not_the_callers(endpoint: Endpoint, name: str) -> CallFailed:
    return _refused(
        endpoint,
        name,
        "this endpoint's calls carry a credential of their own",
        "Leave it out; the call is authenticated by the host.",
    )


def _refused(endpoint: Endpoint, name: str, why: str, what_to_do: str) -> CallFailed:
    return CallFailed(
        "invalid_request",
        f"{endpoint.where}: the header {shown(name)!r} is refused, because {why}. {what_to_do}",
    )
