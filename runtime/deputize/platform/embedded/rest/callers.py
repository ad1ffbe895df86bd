"""Who makes a request: a script with the token of its run, a person with their password, or their app."""

import base64
import binascii
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from starlette.requests import Request

from deputize.domain.event import Chain
from deputize.domain.person import Person
from deputize.domain.plan import StartWay
from deputize.domain.scope import Scope
from deputize.domain.stored_run import StoredRun
from deputize.platform.embedded.rest.problems import unauthorized
from deputize.platform.embedded.tokens import hashed, is_token
from deputize.store import Transaction
from deputize_client import Secret

#: What the names of API keys begin with, which open nothing here.
_KEY_ID = "dpk_"
#: Parameters that carry credentials elsewhere, in folded case; here they do not belong.
_MISPLACED = frozenset({"apikey", "access_token"})
_LONGEST_NAME = 100
_LONGEST_PASSWORD = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The person in whose name a request is made."""

    person: Person
    #: Whether a script makes it, with the token of its run.
    script: bool
    #: That run; None as well where it is not kept.
    run: StoredRun | None = None
    #: What was granted with the access token that is presented, or that started the run; None: with none.
    scope: Scope | None = None
    #: The way by which forms are started: that of a script or an app; None: what the request says.
    way: StartWay | None = None

    @property
    def chain(self) -> Chain:
        """What led to the request: the integrations up to the one whose script makes it."""
        return () if self.run is None else self.run.chain


class PasswordCheck(Protocol):
    """Knows whose a name and a password are."""

    async def subject(self, name: str, password: str, *, source: str | None) -> str:
        """Return the id of that person. Raises the ``Problem`` that is answered where there is none."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenHolder:
    """Whose an access token is, and what it is good for."""

    subject: str
    scope: Scope
    #: Whether it was given to the mobile app.
    mobile: bool


class ProvedAccessToken(Protocol):
    """An access token whose issuer has signed it."""

    async def holder(self, store: Transaction) -> TokenHolder:
        """Return whose it is at this moment. Raises the 401 where it is good for nothing any more."""
        ...


class AccessTokenCheck(Protocol):
    """Knows access tokens."""

    async def prove(self, token: str) -> ProvedAccessToken:
        """Return *token* as one that was signed. Raises the ``Problem`` that is answered to any other."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentedToken:
    """``Authorization: Bearer`` with the token of a run, by its hash."""

    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentedAccessToken:
    """``Authorization: Bearer`` with anything but the token of a run."""

    token: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentedPassword:
    """``Authorization: Basic`` with a person's name and password."""

    name: str
    password: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSubject:
    """A person whose password was the right one."""

    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupposedInitiator:
    """A person for whom a script would make the request that is rehearsed. Nobody proves this."""

    id: str
    run_id: str


Presented: TypeAlias = PresentedToken | PresentedAccessToken | PresentedPassword
Proved: TypeAlias = PresentedToken | ProvedAccessToken | KnownSubject


def presented_by(request: Request) -> Presented:
    """Return the one credential of *request*; raises the 401 where there is none, or more than one."""
    headers = request.headers.getlist("authorization")
    if len(headers) != 1 or any(name.casefold() in _MISPLACED for name in request.query_params):
        raise unauthorized()
    scheme, _, rest = headers[0].strip(" \t").partition(" ")
    match scheme.lower():
        case "bearer" if is_token(rest.strip(" ")):
            return PresentedToken(hash=hashed(rest.strip(" ")))
        case "bearer" if rest.strip(" "):
            return PresentedAccessToken(token=Secret("access token", rest.strip(" ")))
        case "basic":
            return _basic(rest.strip(" "))
        case _:
            raise unauthorized()


async def prove(
    presented: Presented,
    request: Request,
    *,
    passwords: PasswordCheck | None,
    access_tokens: AccessTokenCheck | None,
) -> Proved:
    """Return what *presented* proves. Verifying it may take long, and no transaction waits for it."""
    if isinstance(presented, PresentedToken):
        return presented
    if isinstance(presented, PresentedAccessToken):
        if access_tokens is None:
            raise unauthorized()
        return await access_tokens.prove(presented.token.reveal())
    if passwords is None:
        raise unauthorized()
    source = None if request.client is None else request.client.host
    return KnownSubject(
        id=await passwords.subject(presented.name, presented.password.reveal(), source=source)
    )


async def caller_of(store: Transaction, proved: Proved | SupposedInitiator) -> Caller:
    """Return who makes the request, by the state of this moment; raises the 401 for nobody."""
    match proved:
        case KnownSubject(id=subject):
            person = await store.people.get(subject)
            caller = None if person is None else Caller(person=person, script=False)
        case SupposedInitiator(id=subject, run_id=run_id):
            person = await store.people.get(subject)
            run = await store.runs.get(run_id)
            scope = None if run is None else run.initiator.scope
            caller = None if person is None else _script(person, run, scope)
        case PresentedToken(hash=token_hash):
            token = await store.tokens.live(token_hash, now=store.now)
            person = None if token is None else await store.people.get(token.person_id)
            run = None if token is None else await store.runs.get(token.run_id)
            caller = None if token is None or person is None else _script(person, run, token.scope)
        case access_token:
            holder = await access_token.holder(store)
            person = await store.people.get(holder.subject)
            caller = None if person is None else _application(person, holder)
    if caller is None or not caller.person.active:
        raise unauthorized()
    return caller


def _script(person: Person, run: StoredRun | None, scope: Scope | None) -> Caller:
    return Caller(person=person, script=True, run=run, scope=scope, way="api")


def _application(person: Person, holder: TokenHolder) -> Caller:
    return Caller(person=person, script=False, scope=holder.scope, way="mobile" if holder.mobile else "api")


def _basic(token: str) -> PresentedPassword:
    try:
        pair = base64.b64decode(token.encode("ascii"), validate=True).decode("utf-8")
    except (UnicodeError, binascii.Error):
        raise unauthorized() from None
    name, _, password = pair.partition(":")
    if not (0 < len(name) <= _LONGEST_NAME and 0 < len(password) <= _LONGEST_PASSWORD):
        raise unauthorized()
    # RFC 7617 forbids control characters; an API key is no password, whoever has it.
    if name.startswith(_KEY_ID) or any(each < " " or each == "\x7f" for each in pair):
        raise unauthorized()
    return PresentedPassword(name=name, password=Secret("password", password))
