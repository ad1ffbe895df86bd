"""Seals secrets for the database, each to its own row."""

import json
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from deputize.credentials.master_key import MasterKey
from deputize.errors import Misconfigured
from deputize_client import Secret

#: How a sealed value begins, so that another way of sealing can follow.
_VERSION = b"\x01"
_NONCE_BYTES = 12
_HEAD_BYTES = len(_VERSION) + _NONCE_BYTES


class SealBroken(Misconfigured):
    """A sealed value was sealed with another key or for another row, or has been changed."""

    code = "SEAL_BROKEN"


class Sealer:
    """Encrypts with AES-256-GCM. A sealed value that is moved to another row cannot be opened there."""

    def __init__(self, key: MasterKey) -> None:
        self._cipher = AESGCM(key.derive("sealed secrets"))

    def seal(self, secret: Secret, *, row: Sequence[str]) -> bytes:
        """Return the value of *secret*, sealed for *row*: the table and the row's key."""
        nonce = os.urandom(_NONCE_BYTES)
        return _VERSION + nonce + self._cipher.encrypt(nonce, secret.reveal().encode(), _identity(row))

    def unseal(self, sealed: bytes, *, row: Sequence[str], name: str) -> Secret:
        """Return what was sealed for *row*, as the secret *name*. Raises ``SealBroken``."""
        nonce, content = sealed[1:_HEAD_BYTES], sealed[_HEAD_BYTES:]
        if len(sealed) < _HEAD_BYTES or sealed[:1] != _VERSION:
            raise _broken(name)
        try:
            return Secret(name, self._cipher.decrypt(nonce, content, _identity(row)).decode())
        except InvalidTag:
            raise _broken(name) from None


def _broken(name: str) -> SealBroken:
    return SealBroken(
        f'the secret "{name}" cannot be opened: it was sealed with another key than this deployment\'s, or '
        "its row has been changed. Put back the key file that belongs to the data, or set the secret anew."
    )


def _identity(row: Sequence[str]) -> bytes:
    return json.dumps(list(row)).encode()
