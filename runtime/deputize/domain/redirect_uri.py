"""Where a client has people sent back to, once they have allowed it something or refused.

Theory of operation. An address that a code is sent to is compared as text with those that were registered,
character by character: nothing is parsed that a browser could parse differently. The one exception is the
port of a loopback address, which a program on somebody's own machine learns when it starts (RFC 8252 §7.3).
What may be registered is narrow for the same reason: one spelling of each address, nothing that a browser
would change before it goes there, and no place at which somebody else could listen.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode

#: Characters.
LONGEST: Final = 1000

_CHARACTERS: Final = re.compile(r"(?:[A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=]|%[0-9A-F]{2})+")
_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.\-]*):")
_PORT: Final = r"(?::[1-9][0-9]{0,4})?"
_REST: Final = r"(?:[/?].*)?"
_HOST: Final = r"(?:[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?"
_HTTPS: Final = re.compile(rf"https://(?:{_HOST}|\[[0-9a-f:]+\]){_PORT}{_REST}")
_LOOPBACK: Final = re.compile(rf"(http://(?:127\.0\.0\.1|\[::1\])){_PORT}({_REST})")
_PRIVATE: Final = re.compile(r"[a-z][a-z0-9+\-]*(?:\.[a-z0-9+\-]+)+:/.*")
_DOTS: Final = re.compile(r"/(?:\.|%2E){1,2}(?=[/?]|$)", re.IGNORECASE)
#: What the answer to an authorization request consists of; an address must not bring its own.
_ANSWER: Final = frozenset({"code", "state", "iss", "error", "error_description", "error_uri"})


def unfit(uri: str) -> str | None:
    """Return in a sentence why *uri* cannot be registered; None when it can."""
    if len(uri) > LONGEST:
        return f"It has more than {LONGEST} characters."
    if "#" in uri:
        return "It has a fragment (#…), which no server is sent. Leave it out."
    if _CHARACTERS.fullmatch(uri) is None:
        return "It is no absolute address in ASCII, or a percent sign does not begin a pair such as %2F."
    if _DOTS.search(uri.partition("?")[0]):
        return "It has a . or .. segment, which browsers leave out. Write the path that is meant."
    if not _ANSWER.isdisjoint(name for name, _ in parse_qsl(uri.partition("?")[2], keep_blank_values=True)):
        return "Its query has a parameter of the answer itself, such as code or state. Name it otherwise."
    return _unfit_kind(uri)


def is_among(uri: str, registered: Iterable[str]) -> bool:
    """Whether *uri* is one of those *registered*: the same text, but for the port of a loopback address."""
    without_port = _without_port(uri)
    return any(
        uri == each or (without_port is not None and without_port == _without_port(each))
        for each in registered
    )


def with_answer(uri: str, answer: Mapping[str, str]) -> str:
    """Return *uri*, which is registered, with *answer* in its query."""
    return f"{uri}{'&' if '?' in uri else '?'}{urlencode(answer, quote_via=quote)}"


def _unfit_kind(uri: str) -> str | None:
    found = _SCHEME.match(uri)
    match found[1] if found else "":
        case "":
            return "It has no scheme. Write https://HOST/PATH."
        case "https":
            fits = _HTTPS.fullmatch(uri)
            return None if fits else "Write https://HOST/PATH with the host in lower case and no user name."
        case "http":
            fits = _LOOPBACK.fullmatch(uri)
            return None if fits else "http is for http://127.0.0.1 and http://[::1] only. Use https."
        case _:
            fits = _PRIVATE.fullmatch(uri)
            return (
                None
                if fits
                else "A scheme of an app's own is a domain name backwards, as com.example.app:/callback."
            )


def _without_port(uri: str) -> tuple[str, str] | None:
    """Return a loopback address without its port; None for any other."""
    found = _LOOPBACK.fullmatch(uri)
    return None if found is None or _CHARACTERS.fullmatch(uri) is None else (found[1], found[2])
