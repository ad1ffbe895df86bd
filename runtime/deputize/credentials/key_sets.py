"""Public keys of other issuers, as they publish them (RFC 7517)."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from pydantic_core import from_json

#: Keys of a set that are looked at.
_MOST: Final = 100
#: Bytes of the modulus of an RSA key: fewer are weak, more are work.
_MODULUS: Final = range(256, 1025)


class KeySetUnreadable(ValueError):
    """What should be a set of keys is none; the message says why, for whoever set it up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySet:
    """Keys that verify signatures, by their ids; those without one have a number."""

    keys: Mapping[str, Key] = field(repr=False)

    @classmethod
    def read(cls, content: bytes) -> "KeySet":
        """Return the keys of *content* that verify signatures. Raises ``KeySetUnreadable``."""
        try:
            listed = from_json(content, allow_inf_nan=False)["keys"]
        except (ValueError, KeyError, TypeError):
            raise KeySetUnreadable('not a JSON object with the member "keys" (RFC 7517)') from None
        if not isinstance(listed, list):
            raise KeySetUnreadable('the member "keys" is not a list')
        keys: dict[str, Key] = {}
        for number, each in enumerate(listed[:_MOST]):
            key = _verifying(each)
            if key is not None:
                keys.setdefault(key.kid or f"#{number}", key)
        if not keys:
            raise KeySetUnreadable("it holds no public RSA, EC or OKP key that verifies signatures")
        return cls(keys=keys)

    def find(self, key_id: str | None) -> Key | None:
        """Return the key of that id; for None the only one that there is."""
        if key_id is not None:
            return self.keys.get(key_id)
        return next(iter(self.keys.values())) if len(self.keys) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysUnavailable:
    """An issuer's keys cannot be had now; *why* is for the operator."""

    why: str


class KeySource(Protocol):
    """Where an issuer's keys come from."""

    async def key(self, key_id: str | None) -> Key | KeysUnavailable | None:
        """Return the key of that id, or None when the issuer has none."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedKeys:
    """Keys that stand in the project."""

    key_set: KeySet

    async def key(self, key_id: str | None) -> Key | None:
        """Return the key of that id."""
        return self.key_set.find(key_id)


def _verifying(jwk: Any) -> Key | None:
    """Return the key that *jwk* writes; None for one that does not verify signatures, or is no public one."""
    if not isinstance(jwk, dict) or "d" in jwk or jwk.get("use", "sig") != "sig":
        return None
    try:
        match jwk.get("kty"):
            case "RSA" if _is_fit(jwk.get("n")):
                key: Key = RSAKey.import_key(jwk)
            case "EC":
                key = ECKey.import_key(jwk)
            case "OKP":
                key = OKPKey.import_key(jwk)
            case _:
                return None
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return key


def _is_fit(modulus: object) -> bool:
    if not isinstance(modulus, str):
        return False
    try:
        return len(base64.urlsafe_b64decode(modulus + "=" * (-len(modulus) % 4))) in _MODULUS
    except (binascii.Error, ValueError):
        return False
