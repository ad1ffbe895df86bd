"""Whose a credential is, and what it opens."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Self

from deputize.credentials.authenticators import Account
from deputize.credentials.keys import KeyHasher
from deputize.domain.event import Chain
from deputize.domain.integration import Method
from deputize.domain.scope import Scope
from deputize.inbound.signed import SignedMessage
from deputize_client import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedKey:
    """The row of the key that was presented."""

    kind: Literal["api secret", "signing secret", "url key"]
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedBy:
    """A message that somebody has signed: what it is known by when it comes again.

    Both hashes are of what was signed and not of the signature, so that with two live secrets of one
    person a message is the same one by either.
    """

    #: Stands for all that was signed.
    message: str
    #: Stands for the sender's id of the message, where the scheme has one.
    message_id: str | None
    #: When it was signed, where that is part of it.
    at: datetime | None
    #: The signatures, which must not be seen again.
    values: tuple[Secret, ...]

    @classmethod
    def of(cls, message: SignedMessage, *, body: bytes, subject: str, hasher: KeyHasher) -> Self:
        """Return *message* with its *body*, signed by the person *subject*."""
        whole = hashlib.sha256(message.content.head + body).hexdigest()
        named = message.message_id
        return cls(
            message=hasher.digest("signed message", subject, whole),
            message_id=None if named is None else hasher.digest("id of a message", subject, named),
            at=message.at,
            values=message.values,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """A credential that is somebody's. Where it is accepted is decided by the integration's method."""

    account: Account
    #: How the identity was established: "url-key", "basic", "api-key", "oauth", "signature", "run-token" or
    #: "legacy".
    via: str
    #: The methods of integrations at which it is accepted.
    methods: frozenset[Method]
    chain: Chain = ()
    #: What an access token is good for, this one or the one that started the run; None: whatever they may.
    scope: Scope | None = None
    used: UsedKey | None = None
    #: What was signed, where a signature proved it.
    signed: SignedBy | None = None
    #: When the password was set that was presented; None where it was none.
    password_changed: datetime | None = None
