"""The one key of a deployment, and the keys for single purposes that are derived from it."""

import base64
import binascii
import hmac
import secrets
from typing import NoReturn, Self, final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from deputize.errors import Misconfigured

_BYTES = 32
#: Bytes of a fingerprint: enough to tell keys apart.
_FINGERPRINT = 16


class KeyInvalid(Misconfigured):
    """What should be the key of the deployment is none."""

    code = "KEY_INVALID"


@final
class MasterKey:
    """256 random bits that never show: not by ``repr``, not by ``pickle``.

    Nothing is hashed or sealed with it directly; each purpose has a key of its own (HKDF, RFC 5869).
    """

    __slots__ = ("_value",)

    def __init__(self, value: bytes) -> None:
        if len(value) != _BYTES:
            raise ValueError(f"a master key has {_BYTES} bytes, not {len(value)}")
        self._value = value

    @classmethod
    def generate(cls) -> Self:
        """Return a new random key."""
        return cls(secrets.token_bytes(_BYTES))

    @classmethod
    def parse(cls, text: str, *, where: str) -> Self:
        """Return the key that *text* writes in base64url. Raises ``KeyInvalid``, which names *where*."""
        try:
            value = base64.b64decode(text.strip().encode("ascii"), altchars=b"-_", validate=True)
        except (UnicodeEncodeError, binascii.Error):
            value = b""
        if len(value) != _BYTES:
            raise KeyInvalid(
                f"{where} holds no key: a key is {_BYTES} bytes in base64url, 44 characters. Put back the "
                "one that this deployment was started with."
            )
        return cls(value)

    def text(self) -> str:
        """Return the key as ``parse`` reads it. Whoever calls this answers for where it goes."""
        return base64.urlsafe_b64encode(self._value).decode()

    def derive(self, purpose: str) -> bytes:
        """Return the 256-bit key for *purpose*, always the same one."""
        return HKDF(algorithm=SHA256(), length=_BYTES, salt=None, info=purpose.encode()).derive(self._value)

    @property
    def fingerprint(self) -> str:
        """What tells this key from others, and may be written anywhere."""
        return self.derive("fingerprint")[:_FINGERPRINT].hex()

    def __repr__(self) -> str:
        return f"‹master key {self.fingerprint[:8]}›"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, MasterKey):
            return NotImplemented
        return hmac.compare_digest(self._value, other._value)

    __hash__ = object.__hash__

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError(f"{self!r} cannot be pickled")
