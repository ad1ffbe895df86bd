"""Tells credentials by the name or the place that they have, where nobody knows their value.

Theory of operation. One list of names, written with or without separators and in any case. A name in
full is looked for, never a part of one: ``token_type`` and ``secretary`` carry nothing. Of a field only
text is a credential: a ``token`` that is a number counts something, a ``secret`` that is true is a
setting. In a text nothing is parsed, for it may be cut, or quoted in another one: a quoted name, a colon
and a quote begin a credential, and the next quote of the same kind ends it. Every pattern begins with a
character that must be there and looks at the rest once, so that no text takes long.
"""

import re
from collections.abc import Callable
from typing import Final

REDACTED: Final = "‹redacted›"

_SEPARATOR: Final = "[-_]?"
_FIELD_NAMES: Final = """
password passwd secret access_token refresh_token id_token client_secret api_key token authorization
private_key
""".replace("_", _SEPARATOR).split()
#: In an address these are as good as a password; elsewhere they are not.
_QUERY_NAMES: Final = (*_FIELD_NAMES, "sig", "signature")
#: Names that only a header has, so that they are told in any list or document.
_HEADER_NAMES: Final = (
    "(?:proxy[-_])?authorization",
    "(?:set[-_])?cookie",
    f"(?:[\\w-]{{1,100}}[-_])?api{_SEPARATOR}key",
    "x[-_](?:[\\w-]{1,100}[-_])?token",
    "private[-_]token",
)

_FIELD: Final = re.compile("|".join(_FIELD_NAMES), re.IGNORECASE)
_HEADER: Final = re.compile("|".join(_HEADER_NAMES), re.IGNORECASE)
#: What stands where a secret was: it is not redacted a second time.
_MARK: Final = re.compile(r"(Basic |Bearer )?‹(credential|secret|redacted)[^‹›]*›")

_IN_QUERY: Final = re.compile(
    rf"((?:^|[?&;])({'|'.join(_QUERY_NAMES)})=)([^&#\s\"'<>]+)",
    re.IGNORECASE,
)
_QUOTED: Final = re.compile(
    # A quote may be escaped, once for every text that this one is quoted in.
    rf"([\"']({'|'.join((*_FIELD_NAMES, *_HEADER_NAMES))})"
    r"\\{0,7}[\"']\s{0,20}:\s{0,20}(\\{0,7}[\"']))"
    r"(.*?)((?<!\\)\3|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_IN_ADDRESS: Final = re.compile(r"(://)([^\s/?#@\"'<>:]*:([^\s/?#\"'<>]+))@")


def is_field(name: str) -> bool:
    """Return whether text in a field of that name is a credential."""
    return _FIELD.fullmatch(name) is not None


def is_header(name: str) -> bool:
    """Return whether only a header that carries a credential has that name."""
    return _HEADER.fullmatch(name) is not None


def carries_credential(header: str) -> bool:
    """Return whether the value of a header of that name is a credential."""
    return is_header(header) or is_field(header)


def is_mark(text: str) -> bool:
    """Return whether *text* is what stands where a credential was."""
    return _MARK.fullmatch(text) is not None


def without_credentials(text: str) -> tuple[str, list[str]]:
    """Return *text* without what its place tells to be a credential, and what each was."""
    found: list[str] = []
    if "://" in text:
        text = _IN_ADDRESS.sub(_address(found), text)
    if '"' in text or "'" in text:
        text = _QUOTED.sub(_quoted(found), text)
    if "=" in text:
        text = _IN_QUERY.sub(_query(found), text)
    return text, found


def _address(found: list[str]) -> Callable[[re.Match[str]], str]:
    def replace(match: re.Match[str]) -> str:
        if is_mark(match[2]) or is_mark(match[3]):
            return match[0]
        found.append("name and password of an address")
        return f"{match[1]}{REDACTED}@"

    return replace


def _quoted(found: list[str]) -> Callable[[re.Match[str]], str]:
    def replace(match: re.Match[str]) -> str:
        if not match[4] or is_mark(match[4]):
            return match[0]
        found.append(f"field {match[2]}")
        return f"{match[1]}{REDACTED}{match[5]}"

    return replace


def _query(found: list[str]) -> Callable[[re.Match[str]], str]:
    def replace(match: re.Match[str]) -> str:
        if is_mark(match[3]):
            return match[0]
        found.append(f"query key {match[2]}")
        return f"{match[1]}{REDACTED}"

    return replace
