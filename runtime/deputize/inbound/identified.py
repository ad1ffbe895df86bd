"""Whose a credential is, and what it opens."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from deputize.credentials.authenticators import Account
from deputize.domain.event import Chain
from deputize.domain.integration import Method


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedKey:
    """The row of the key that was presented."""

    kind: Literal["api secret", "url key"]
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """A credential that is somebody's. Where it is accepted is decided by the integration's method."""

    account: Account
    #: How the identity was established: "url-key", "basic", "api-key", "run-token" or "legacy".
    via: str
    #: The methods of integrations at which it is accepted.
    methods: frozenset[Method]
    chain: Chain = ()
    used: UsedKey | None = None
    #: When the password was set that was presented; None where it was none.
    password_changed: datetime | None = None
