"""Which passwords were right a moment ago, so that a busy caller does not cost a hash each time."""

import hashlib
import hmac
import secrets
from collections.abc import Callable

_KEY_BYTES = 32


class RememberedPasswords:
    """Remembers keyed digests of (stored hash, password) pairs that matched, for a short while.

    The stored hash is part of the digest: a new password has another one, and what was remembered of the
    old one is never found again. The key is made at the start of the process and dies with it.
    """

    def __init__(self, *, seconds: float, most: int, monotonic: Callable[[], float]) -> None:
        self._seconds = seconds
        self._most = most
        self._monotonic = monotonic
        self._key = secrets.token_bytes(_KEY_BYTES)
        #: digest -> when it is forgotten, the oldest first.
        self._until: dict[bytes, float] = {}

    def digest(self, stored: str, password: bytes) -> bytes:
        """Return what stands for a pair here."""
        # A stored hash holds no NUL, so no two pairs are one text.
        return hmac.new(self._key, stored.encode() + b"\0" + password, hashlib.sha256).digest()

    def has(self, digest: bytes) -> bool:
        """Whether that pair matched a moment ago."""
        return self._until.get(digest, self._monotonic()) > self._monotonic()

    def add(self, digest: bytes) -> None:
        """Remember a pair that has just matched; of too many the oldest is forgotten."""
        self._until.pop(digest, None)
        while len(self._until) >= self._most:
            del self._until[next(iter(self._until))]
        self._until[digest] = self._monotonic() + self._seconds
