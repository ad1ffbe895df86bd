"""Signing secrets: how they are made and sealed, which are fit, and which of them signed a message.

Theory of operation. To verify a signature takes the secret itself, so that it is sealed to its row and
not hashed. ``signers`` does the same work for every message, whatever there is to compare it with: as
many secrets as an integration may have are opened, decoys in place of those that it has not, and with each
the body is hashed by both algorithms. So the time of an answer tells neither whether an integration is
there nor how many secrets it has. The library ``standardwebhooks`` is not used for that: it takes bodies
that are UTF-8 and no others, one secret, the system's clock, and lists without an end.
"""

import asyncio
import base64
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, get_args

from deputize.credentials.sealing import Sealer
from deputize.domain.keys import SigningSecret
from deputize.domain.signature import Algorithm, Preset
from deputize_client import Secret

#: The table to whose rows signing secrets are sealed.
TABLE: Final = "signing_secrets"
#: Of one integration at a time: two people's, each with the successor of theirs, or four people's.
MOST_LIVE: Final = 4
#: Bytes of a key. NIST SP 800-107 asks for 112 bits; 128 is what every provider has at least.
SHORTEST: Final = 16

_MINTED: Final = "whsec_"
_MINTED_BYTES: Final = 32
#: Characters.
_LONGEST: Final = 500
_ALGORITHMS: Final[tuple[Algorithm, ...]] = get_args(Algorithm)
_DECOY_ID: Final = ""
#: What is hashed with in place of a key that is none; nothing matches it.
_NO_KEY: Final = bytes(SHORTEST)
#: A larger body is hashed beside the event loop.
_INLINE_BYTES: Final = 64 * 1024


def mint_signing_secret() -> Secret:
    """Return a new signing secret, 256 random bits in the form of Standard Webhooks."""
    return signing_secret(_MINTED + base64.b64encode(secrets.token_bytes(_MINTED_BYTES)).decode())


def signing_secret(text: str) -> Secret:
    """Return *text* as a signing secret."""
    return Secret("signing secret", text)


def unfit(text: str, preset: Preset) -> str | None:
    """Return why *text* is no signing secret for *preset*, as a sentence; None for one that is."""
    if not text.isascii() or not text.isprintable() or " " in text or len(text) > _LONGEST:
        return f"A signing secret is 1 to {_LONGEST} printable ASCII characters without a space."
    key = key_of(text, preset)
    if key is None:
        return "A secret of Standard Webhooks is whsec_ and base64; copy it whole from the sender's settings."
    if len(key) < SHORTEST:
        return f"A signing secret has at least {SHORTEST} bytes; this one could be guessed. Have it replaced."
    return None


def key_of(text: str, preset: Preset) -> bytes | None:
    """Return the bytes that sign; None for a text that is no secret of *preset*."""
    if preset != "standard-webhooks":
        # Stripe's begin with whsec_ as well, and sign as they are written.
        return text.encode()
    encoded = text.removeprefix(_MINTED).rstrip("=")
    try:
        return base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedContent:
    """What is said to be signed, and the signatures that are presented for it."""

    preset: Preset
    algorithm: Algorithm
    #: What is signed in front of the body.
    head: bytes
    #: One of them is right, or none.
    candidates: tuple[bytes, ...] = field(repr=False)


class SigningSecrets:
    """Seals signing secrets, and finds those by which a message was signed."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer
        self._decoy = self.seal(mint_signing_secret(), secret_id=_DECOY_ID)

    def seal(self, secret: Secret, *, secret_id: str) -> bytes:
        """Return *secret* sealed for the row of that id."""
        return self._sealer.seal(secret, row=(TABLE, secret_id))

    def unseal(self, kept: SigningSecret) -> Secret:
        """Return the secret itself. Raises ``SealBroken``."""
        return self._unseal(kept.id, kept.sealed)

    def _unseal(self, secret_id: str, sealed: bytes) -> Secret:
        return self._sealer.unseal(sealed, row=(TABLE, secret_id), name="signing secret")

    async def signers(
        self, live: Sequence[SigningSecret], content: SignedContent | None, body: bytes
    ) -> list[SigningSecret]:
        """Return those of *live* by which *content* and *body* were signed; the work is always the same."""
        if len(body) > _INLINE_BYTES:
            return await asyncio.to_thread(self._signers, live, content, body)
        return self._signers(live, content, body)

    def _signers(
        self, live: Sequence[SigningSecret], content: SignedContent | None, body: bytes
    ) -> list[SigningSecret]:
        signed = body if content is None else content.head + body
        found: list[SigningSecret] = []
        for kept in live:
            key = self._key(kept.id, kept.sealed, content)
            if _matches(key, content, signed):
                found.append(kept)
        for _ in range(MOST_LIVE - len(live)):
            _matches(self._key(_DECOY_ID, self._decoy, content), content, signed)
        return found

    def _key(self, secret_id: str, sealed: bytes, content: SignedContent | None) -> bytes | None:
        text = self._unseal(secret_id, sealed).reveal()
        key = key_of(text, "standard-webhooks" if content is None else content.preset)
        # The preset may have changed since the secret came: read by it there may be little left.
        return None if key is None or len(key) < SHORTEST else key


def _matches(key: bytes | None, content: SignedContent | None, signed: bytes) -> bool:
    """Whether one of the signatures is that of *signed* by *key*; all are looked at."""
    digests = {each: hmac.digest(key or _NO_KEY, signed, each) for each in _ALGORITHMS}
    if content is None or key is None:
        return False
    right = digests[content.algorithm]
    return sum([hmac.compare_digest(right, each) for each in content.candidates]) > 0
