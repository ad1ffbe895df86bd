"""What a platform must supply so that scripts can be run as its people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from pydantic import JsonValue

from deputize.domain.decision import Denial, Explanation
from deputize.domain.event import Priority
from deputize.domain.plan import StartWay
from deputize.domain.principal import Principal
from deputize.domain.standing import Standing
from deputize_client import CredentialSource, Exchange


class Platform(Protocol):
    """People, and how a call is made as one of them. The application starts and stops it."""

    @property
    def base_url(self) -> str:
        """The address that the endpoint ``platform`` stands for, without a slash at the end."""
        ...

    @property
    def admitted(self) -> frozenset[tuple[str, int]]:
        """Exact (address, port) that may be dialled although they are not public; often empty."""
        ...

    async def principal(self, name: str, *, via: str) -> Principal | None:
        """Return the person *name*, or None when there is nobody of that name.

        *via* says how the identity was established, and is kept in the principal.
        """
        ...

    async def standing(self, principal: Principal) -> Standing | None:
        """Return what *principal* is allowed in general at this moment; None for nobody.

        It is the account of the principal's subject that is asked about, whoever has the name now.
        """
        ...

    def credentials_for(self, principal: Principal, *, run_id: str) -> CredentialSource:
        """Return the source of *principal*'s credential for one run; it is asked before every call.

        Where the principal has a ``scope``, the run was set off with an access token: the credential must be
        good for no more than that, whatever the person may do themselves.
        """
        ...

    async def end_run(self, run_id: str) -> None:
        """Revoke what was issued for the run; nothing is issued for it from now on."""
        ...

    async def explain(self, exchange: Exchange) -> Explanation | None:
        """Return why the platform answered *exchange* with 403; None when it does not know. Never a guess."""
        ...

    async def people_names(self) -> list[str]:
        """Return the names that ``principal`` knows, for messages."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FormContent:
    """What somebody sends with a form."""

    properties: Mapping[str, JsonValue] = field(default_factory=dict)
    #: Names or ids of people, groups, or ``person|device``.
    recipients: Sequence[str] = ()
    priority: Priority = "MEDIUM"


@dataclass(frozen=True, slots=True, kw_only=True)
class OneRequest:
    """A request that may come again, and starts one event."""

    #: By which the sender knows it; at most 200 characters.
    key: str
    #: Stands for all that it says: under one key there is one request.
    content_hash: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormStarted:
    """An event that somebody has started with a form."""

    request_id: str
    event_id: str
    #: Decimal, as people know it.
    number: str
    #: The names of recipients whom it does not reach.
    left_out: tuple[str, ...] = ()
    #: Whether it was started before, by the same request.
    again: bool = False


class FormStarter(Protocol):
    """Starts forms for people: who have signed in to the page or the app, or who have sent a message."""

    async def start_form(
        self,
        subject: str,
        form_id: str,
        content: FormContent,
        *,
        way: StartWay,
        request: OneRequest | None = None,
    ) -> FormStarted | Denial | None:
        """Start the form for the person of the id *subject*; None when there is no such form or person.

        The same *request* of that person with the same form, again, starts nothing and returns what the
        first one did. Raises ``PayloadInvalid`` for content that cannot be used, and ``RequestReused`` for
        another request under a key that is known.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRequest:
    """A request that nobody sends: only what would become of it is asked for."""

    method: str
    #: Below the platform's address, percent-encoded, with its query.
    path: str
    content_type: str = ""
    body: bytes = field(default=b"", repr=False)
    #: The run whose script would send it.
    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What would become of a request."""

    status_code: int
    #: Why it would be refused, where it is known.
    denial: Denial | None = None
    #: The names of recipients whom the event that it starts would not reach.
    left_out: tuple[str, ...] = ()


class Foresight(Protocol):
    """Judges requests by the platform's own rules, and does nothing of what they ask for."""

    async def would(self, principal: Principal, request: PlannedRequest) -> Foreseen | None:
        """Return what would become of *request* if a script sent it for *principal* now; None: not known."""
        ...
