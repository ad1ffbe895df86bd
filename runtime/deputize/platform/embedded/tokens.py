"""Opaque bearer tokens: 256 random bits, known to the database by their hash only."""

import hashlib
import secrets
from datetime import timedelta

from deputize_client import Secret

LIFETIME = timedelta(minutes=15)

_PREFIX = "dpt_"
_BYTES = 32
#: More than a token has; what is longer is not hashed.
_LONGEST = 200


def mint() -> Secret:
    """Return a new token, ``dpt_`` and 43 characters."""
    return Secret("platform token", _PREFIX + secrets.token_urlsafe(_BYTES))


def hashed(token: str) -> str:
    """Return what stands for *token* in the database.

    A plain SHA-256 is enough: there is nothing to guess in 256 random bits.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def is_token(text: str) -> bool:
    """Whether *text* may be one of our tokens; what is not is not looked up."""
    return text.startswith(_PREFIX) and len(text) <= _LONGEST
