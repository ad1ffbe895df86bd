"""The ways in which a secret may be written down."""

import base64
import html
import json
import re
from urllib.parse import quote, quote_plus

#: A shorter secret, or piece of one, would be found in ordinary text.
SHORTEST = 8

_PERCENT = re.compile(r"%[0-9A-F]{2}")
_ESCAPE = re.compile(r"\\u[0-9a-f]{4}")
_BITS_PER_CHARACTER, _BITS_PER_BYTE = 6, 8


def forms(value: str) -> frozenset[str]:
    """Return *value* and its encoded forms, those of at least 8 characters.

    Raw, base64 and base64url at each of the three alignments, percent-encoded, JSON- and
    HTML-escaped. Empty when *value* itself is shorter.
    """
    if len(value) < SHORTEST:
        return frozenset()
    found = {value, *_base64(value.encode()), *_percent(value), *_json(value), *_html(value)}
    return frozenset(each for each in found if len(each) >= SHORTEST)


def _base64(data: bytes) -> set[str]:
    found = {base64.b64encode(data).decode()}
    for before in range(3):
        # What stands before and after the secret shares a character with it: leave those out.
        start = -(-before * _BITS_PER_BYTE // _BITS_PER_CHARACTER)
        end = (before + len(data)) * _BITS_PER_BYTE // _BITS_PER_CHARACTER
        found.add(base64.b64encode(bytes(before) + data).decode()[start:end])
    return found | {each.translate(str.maketrans("+/", "-_")) for each in found}


def _percent(value: str) -> set[str]:
    found = {
        quote(value, safe=""),
        quote(value),
        quote_plus(value),
        quote(value, safe="!~*'()"),
        quote(value, safe="!#$&'()*+,/:;=?@~"),
        "".join(f"%{byte:02X}" for byte in value.encode()),
    }
    return found | {_PERCENT.sub(lambda match: match[0].lower(), each) for each in found}


def _json(value: str) -> set[str]:
    ascii_only, readable = json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]
    found = {ascii_only, readable}
    found |= {each.replace("/", "\\/") for each in found}
    for_html = ascii_only
    for each in "<>&'":
        for_html = for_html.replace(each, f"\\u{ord(each):04x}")
    found.add(for_html)
    found |= {_ESCAPE.sub(lambda match: r"\u" + match[0][2:].upper(), each) for each in found}
    # A JSON text is often itself a string of a JSON text.
    return found | {json.dumps(each, ensure_ascii=False)[1:-1] for each in found}


def _html(value: str) -> set[str]:
    escaped = html.escape(value)
    found = {html.escape(value, quote=False), escaped}
    for apostrophe in ("&#39;", "&#039;", "&apos;"):
        found.add(escaped.replace("&#x27;", apostrophe))
    return found | {each.replace("&quot;", "&#34;") for each in found}
