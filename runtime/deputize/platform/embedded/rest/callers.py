"""Who makes a request: a script with the token of its run, or a person with their own password."""

import base64
import binascii
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from starlette.requests import Request

from deputize.domain.event import Chain
from deputize.domain.person import Person
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
class PresentedToken:
    """``Authorization: Bearer`` with the token of a run, by its hash."""

    hash: str


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


Presented: TypeAlias = PresentedToken | PresentedPassword
Proved: TypeAlias = PresentedToken | KnownSubject


def presented_by(request: Request) -> Presented:
    """Return the one credential of *request*; raises the 401 where there is none, or more than one."""
    headers = request.headers.getlist("authorization")
    if len(headers) != 1 or any(name.casefold() in _MISPLACED for name in request.query_params):
        raise unauthorized()
    scheme, _, rest = headers[0].strip(" \t").partition(" ")
    match scheme.lower():
        case "bearer" if is_token(rest.strip(" ")):
            return PresentedToken(hash=hashed(rest.strip(" ")))
        case "basic":
            return _basic(rest.strip(" "))
        case _:
            raise unauthorized()


async def prove(presented: Presented, request: Request, *, passwords: PasswordCheck | None) -> Proved:
    """Return what *presented* proves. Verifying a password takes long, and no transaction waits for it."""
    if isinstance(presented, PresentedToken):
        return presented
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
            caller = None if person is None else Caller(person=person, script=True, run=run)
        case PresentedToken(hash=token_hash):
            token = await store.tokens.live(token_hash, now=store.now)
            person = None if token is None else await store.people.get(token.person_id)
            run = None if token is None else await store.runs.get(token.run_id)
            caller = None if person is None else Caller(person=person, script=True, run=run)
    if caller is None or not caller.person.active:
        raise unauthorized()
    return caller


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
