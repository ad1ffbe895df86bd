"""A signed token in its compact form (RFC 7515): told by its shape, bounded, verified with a key of ours.

Theory of operation. What a token says before its signature is verified chooses nothing but which of the
keys that we know it is held against: no address that it names is asked, no key that it brings is used, and
the algorithm is one of those that *we* list for the key – so that ``none``, or a public key taken for the
secret of an HMAC, has no way in. A header with a parameter that would change this is refused, not ignored.
"""

import base64
import binascii
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import Key
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import from_json

#: Characters; a longer one is not looked at.
LONGEST: Final = 8192
_LONGEST_HEADER: Final = 2048

_COMPACT: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
#: Parameters that bring a key or its address along, or change how the rest is to be read.
_REFUSED: Final = frozenset({"jku", "jwk", "x5u", "x5c", "crit", "b64", "zip", "enc"})
#: What a media type may be written with in front (RFC 9068 §2.1).
_MEDIA_TYPE: Final = "application/"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRefused:
    """A token that is good for nothing; *why* is for the operator, and holds nothing of the token."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnverifiedToken:
    """What a token says of itself, none of which is to be believed yet."""

    text: str = field(repr=False)
    algorithm: str
    #: The header ``typ`` in lower case, without ``application/``.
    type: str
    key_id: str | None
    issuer: str


class _Header(BaseModel):
    model_config = ConfigDict(strict=True, extra="allow")

    alg: str = Field(max_length=20)
    typ: str = Field(max_length=50)
    kid: str | None = Field(default=None, max_length=200)


class _Payload(BaseModel):
    model_config = ConfigDict(strict=True, extra="allow")

    iss: str = Field(max_length=1000)


class _Registry(jws.JWSRegistry):
    max_header_length = _LONGEST_HEADER
    max_payload_length = LONGEST


def is_compact_jws(text: str) -> bool:
    """Whether *text* is written as signed tokens are."""
    return len(text) <= LONGEST and _COMPACT.fullmatch(text) is not None


def read_unverified(text: str) -> UnverifiedToken | TokenRefused:
    """Return what the token *text* says of itself."""
    if not is_compact_jws(text):
        return TokenRefused(why="a token that is not written as signed tokens are")
    encoded_header, encoded_payload, _ = text.split(".")
    try:
        header = _Header.model_validate(_object(encoded_header))
        payload = _Payload.model_validate(_object(encoded_payload))
    except (ValidationError, ValueError):
        return TokenRefused(why="a token whose header or claims cannot be read, or lack alg, typ or iss")
    refused = sorted(_REFUSED & (header.model_extra or {}).keys())
    if refused:
        return TokenRefused(why=f"a token whose header has {', '.join(refused)}")
    return UnverifiedToken(
        text=text,
        algorithm=header.alg,
        type=header.typ.lower().removeprefix(_MEDIA_TYPE),
        key_id=header.kid,
        issuer=payload.iss,
    )


def verified_claims(
    token: UnverifiedToken, key: Key, *, algorithms: Collection[str]
) -> dict[str, Any] | TokenRefused:
    """Return the claims of *token* if *key* has signed it by one of *algorithms*."""
    if token.algorithm not in algorithms:
        return TokenRefused(why="a token that is signed by an algorithm which is not accepted")
    registry = _Registry(algorithms=sorted(algorithms), strict_check_header=False)
    try:
        signed = jws.deserialize_compact(token.text, key, registry=registry)
        return _object(signed.payload)
    except (JoseError, ValueError):
        return TokenRefused(why="a token whose signature is not that of its key")


def _object(content: str | bytes) -> dict[str, Any]:
    """Return the JSON object that *content* is, a text being encoded. Raises ``ValueError``."""
    if isinstance(content, str):
        try:
            content = base64.b64decode(content + "=" * (-len(content) % 4), altchars=b"-_", validate=True)
        except binascii.Error:
            raise ValueError("not base64url") from None
    match from_json(content, allow_inf_nan=False):
        case dict() as value:
            return value
        case _:
            raise ValueError("no JSON object")
