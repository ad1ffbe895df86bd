"""API keys and URL keys: how they are made, told apart, and recognised by their hash alone."""

import hashlib
import hmac
import json
import re
import secrets
from typing import Final

from deputize.credentials.master_key import MasterKey
from deputize_client import Secret

KEY_ID: Final = "dpk_"
API_SECRET: Final = "dps_"  # noqa: S105 - what secrets begin with
URL_KEY: Final = "dpu_"

_BYTES: Final = 32
_ID_BYTES: Final = 16
_KEY_ID: Final = re.compile(rf"{KEY_ID}[0-9a-f]{{{2 * _ID_BYTES}}}")
_RANDOM: Final = r"[A-Za-z0-9_-]{43}"
_API_SECRET: Final = re.compile(API_SECRET + _RANDOM)
_URL_KEY: Final = re.compile(URL_KEY + _RANDOM)


def mint_key_id() -> str:
    """Return a new key id: the public half of an API key, which proves nothing."""
    return KEY_ID + secrets.token_hex(_ID_BYTES)


def mint_api_secret() -> Secret:
    """Return a new secret of an API key, 256 random bits."""
    return Secret("api secret", API_SECRET + secrets.token_urlsafe(_BYTES))


def mint_url_key() -> Secret:
    """Return a new URL key, 256 random bits."""
    return Secret("url key", URL_KEY + secrets.token_urlsafe(_BYTES))


def is_key_id(text: str) -> bool:
    """Whether *text* is written as key ids are."""
    return _KEY_ID.fullmatch(text) is not None


def is_api_secret(text: str) -> bool:
    """Whether *text* is written as secrets of API keys are."""
    return _API_SECRET.fullmatch(text) is not None


def is_url_key(text: str) -> bool:
    """Whether *text* is written as URL keys are."""
    return _URL_KEY.fullmatch(text) is not None


class KeyHasher:
    """Says what stands for a key in the database: HMAC-SHA-256 under a key that is not there.

    The integration, and for a secret the key id, are part of what is hashed: a key of one integration
    has no hash that another one could find. Nothing slower is needed, as 256 random bits are not guessed.
    """

    def __init__(self, key: MasterKey) -> None:
        self._key = key.derive("hash of issued keys")

    def of_api_secret(self, *, integration_id: str, key_id: str, secret: str) -> str:
        """Return the hash of a *secret* that was issued with *key_id* for one integration."""
        return self.digest("api secret", integration_id, key_id, secret)

    def of_url_key(self, *, integration_id: str, url_key: str) -> str:
        """Return the hash of a *url_key* that was issued for one integration."""
        return self.digest("url key", integration_id, url_key)

    def digest(self, *parts: str) -> str:
        """Return the keyed hash of *parts*, in hex."""
        # JSON keeps the parts apart, whatever they hold.
        return hmac.new(self._key, json.dumps(parts).encode(), hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two hashes are equal; the time that it takes does not tell where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())
