"""What a platform answers about its people: whose a credential is, and what its owner may do now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from deputize.credentials.passwords import Busy, Check
from deputize.domain.event import Chain
from deputize.domain.scope import Scope
from deputize.domain.standing import Standing
from deputize.store import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Whose a credential is, by the state of the moment at which it was looked at."""

    #: The platform's own id of the account, which a new account of the same name does not inherit.
    subject: str
    #: The user's name, "rob".
    name: str
    #: As people call that person.
    display_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordAccepted:
    """The password was right, and its owner is active."""

    account: Account
    #: When that password was set.
    changed: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordRefused:
    """Nobody of that name, a wrong password, or a disabled account: it is not said which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordExpired:
    """The password was right, but has expired."""

    account: Account


PasswordAnswer: TypeAlias = PasswordAccepted | PasswordRefused | PasswordExpired | Busy


class PeopleAuthenticator(Protocol):
    """Knows people's passwords."""

    async def verify(self, name: str, password: str) -> PasswordAnswer:
        """Return whose *name* and *password* are. The work must not depend on whether there is anybody."""
        ...

    async def verify_stored(self, name: str, password: str, *, stored: str | None) -> Check:
        """Return whether *password* is the one of the *stored* hash, after as much work as ``verify``."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCaller:
    """A script that calls with the credential of its run: its initiator calls, through it."""

    account: Account
    run_id: str
    #: The integrations that led to the run, its own the last one.
    chain: Chain
    #: That of the token; None: whatever the person may.
    scope: Scope | None = None
    #: Whether the run's initiator is so because they own a plan's endpoint.
    legacy: bool = False


class RunTokens(Protocol):
    """Knows the tokens that runs call with."""

    async def run_caller(self, token: str) -> RunCaller | None:
        """Return for whose run *token* was issued, while it holds and the person is active; else None."""
        ...


class Accounts(Protocol):
    """Knows the people themselves. What is asked here is asked anew for every request."""

    async def account(self, store: Transaction, subject: str) -> Account | None:
        """Return the account of that id while it is active; None when it is not, or is no more."""
        ...

    async def named(self, store: Transaction, name: str) -> Account | None:
        """Return the account of the user *name* while it is active."""
        ...

    async def with_email(self, store: Transaction, address: str) -> Account | None:
        """Return the one active account with the e-mail *address*; None where several have it."""
        ...

    async def standing(self, store: Transaction, subject: str) -> Standing | None:
        """Return what the person of that id is allowed in general at this moment; None for nobody."""
        ...
