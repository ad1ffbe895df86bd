"""The embedded platform over a real socket, with people, plans and events to try it on."""

import hashlib
import ssl
from base64 import b64encode
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid4, uuid5

import httpx
import pytest

from deputize.credentials.password_gate import PasswordGate
from deputize.credentials.passwords import Passwords
from deputize.credentials.throttle import Throttle
from deputize.domain.event import Event
from deputize.domain.integration import Integration, ScriptVersion
from deputize.domain.keys import RunToken, StoredPassword
from deputize.domain.person import Person, Role
from deputize.domain.plan import Access, Form, Plan
from deputize.domain.principal import Principal
from deputize.domain.run import RunState
from deputize.domain.start import INBOUND
from deputize.domain.stored_run import StoredRun
from deputize.loopback import serve
from deputize.platform.embedded import EmbeddedPlatform
from deputize.platform.embedded.passwords import EmbeddedPasswords
from deputize.platform.embedded.targets import Target, resolve
from deputize.platform.embedded.tokens import hashed, mint
from deputize.store import Database
from deputize_client import AsInitiator, Endpoint

#: Made once: httpx would make one for each client, at some cost, though nothing here speaks TLS.
TLS = ssl.create_default_context()
API = "/api/xm/1"
ALL = ("View", "Use", "Edit", "Delete", "Assign")


def role(name, *functions, **on):
    return Role(
        name=name, functions=frozenset(functions), on={key: frozenset(rights) for key, rights in on.items()}
    )


def person(name, *roles, **more):
    return Person(
        id=str(uuid5(NAMESPACE_URL, f"person:{name}")), target_name=name, roles=frozenset(roles), **more
    )


#: dana may see and change everybody, rob may call the API, mmcbride may do nothing; gina may do all.
ROLES = (
    role("Company Supervisor", "people", "events", "plans", **{"*": ("View", "Use", "Edit")}),
    role("REST Web Service User", "rest"),
    role("Standard User"),
    role("Full Access User", "login", "events", "groups", "developer", "rest", **{"*": ALL}),
)
PEOPLE = (
    person("dana", "Company Supervisor", first_name="Dana", last_name="Ito"),
    person("rob", "REST Web Service User"),
    person("mmcbride", "Standard User", first_name="Mary", last_name="McBride"),
    person("gina", "Full Access User"),
    person("nobody"),
)


def event(number, submitter, **more):
    return Event(
        **{
            "id": str(uuid5(NAMESPACE_URL, f"event:{number}")),
            "number": number,
            "submitter_id": person(submitter).id,
            "submitter_name": submitter,
            "via": "ui",
            "status": "ACTIVE",
            "form": "",
            "form_id": None,
            "plan_id": None,
            "priority": "MEDIUM",
            "created": datetime(2018, 4, 17, 20, 2, 47, 476_000, tzinfo=UTC),
            "properties": {},
            "recipients": (),
            "request_id": None,
            **more,
        }
    )


EVENTS = (
    event(
        "12623005",
        "rob",
        properties={"number": "INC0010001", "Tags": ["a", "b"], "urgent": True},
        form="alert",
        recipients=("mmcbride",),
    ),
    event("12623006", "dana", status="SUSPENDED"),
)


@dataclass(frozen=True)
class World:
    """What the database holds at first."""

    roles: tuple = ROLES
    people: tuple = PEOPLE
    events: tuple = EVENTS
    more: tuple = ()

    async def put(self, tx):
        for each in self.roles:
            await tx.roles.put(each)
        for each in self.people:
            await tx.people.put(each)
        for each in self.events:
            await tx.events.add(each)
            told = await resolve(tx, [Target(key=name) for name in each.recipients], may=lambda whom: True)
            await tx.recipients.add(each.id, told.recipients)
        for put in self.more:
            await put(tx)


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = field(default=datetime(2018, 4, 17, 20, 2, 47, 476_000, tzinfo=UTC))

    def __call__(self):
        return self.now

    def forward(self, **by):
        self.now += timedelta(**by)


class QuickPasswordHash:
    """A password hash that takes no time."""

    def hash(self, password):
        return hashlib.sha256(password).hexdigest()

    def verify(self, password, hash):  # noqa: A002 - the name that pwdlib gives it
        return hash == self.hash(password)


async def compiles(draft):
    """Return what Python says of a script."""
    try:
        compile(draft.source, draft.name, "exec")
    except SyntaxError as error:
        return [f"{draft.name}:{error.lineno}: {error.msg}"]
    return []


class Bench:
    """The platform, running, and HTTP clients that act as its people."""

    def __init__(self, platform, clock, set_off):
        self.platform = platform
        self.clock = clock
        #: The ids of the runs of which the queue was told.
        self.set_off = set_off
        self.endpoint = Endpoint(
            name="platform",
            base_url=platform.base_url,
            authentication=AsInitiator(),
            admitted=platform.admitted,
        )
        self._clients = {}

    @property
    def database(self):
        return self.platform.database

    async def do(self, *acts):
        """Do *acts*, such as ``lambda tx: tx.people.put(…)``, in one transaction; return the last result."""

        async def work(tx):
            done = None
            for act in acts:
                done = await act(tx)
            return done

        return await self.database.write(work)

    async def source(self, name, run_id="run-1"):
        principal = await self.platform.principal(name, via="test")
        return self.platform.credentials_for(principal, run_id=run_id)

    async def token(self, name, run_id="run-1"):
        return (await (await self.source(name, run_id)).credential(self.endpoint)).token.reveal()

    async def as_(self, name):
        """Return a client with a token of a run of *name*'s that is not kept."""
        if name not in self._clients:
            self._clients[name] = self.client(await self._bearer(await self.token(name)))
        return self._clients[name]

    async def as_script_of(self, run):
        """Return a client with the token of *run*, which is kept."""
        token = mint()
        await self.do(
            lambda tx: tx.runs.add(run),
            lambda tx: tx.tokens.add(
                RunToken(
                    hash=hashed(token.reveal()),
                    person_id=run.initiator.subject,
                    run_id=run.id,
                    expires=self.clock.now + timedelta(hours=1),
                )
            ),
        )
        self._clients[run.id] = self.client(await self._bearer(token.reveal()))
        return self._clients[run.id]

    async def with_password(self, name, password="correct horse"):  # noqa: S107 - it opens nothing but a test
        """Return a client with *name*'s own password, which it is given first."""
        subject = person(name).id
        stored = StoredPassword(
            person_id=subject,
            hash=QuickPasswordHash().hash(password.encode()),
            changed=self.clock.now,
        )
        await self.do(lambda tx: tx.passwords.put(stored))
        client = self.client({"Authorization": basic(name, password)})
        self._clients[f"{len(self._clients)}: {name}"] = client
        return client

    def client(self, headers=None, *, api=API):
        return httpx.AsyncClient(
            base_url=self.platform.base_url + api, headers=headers, trust_env=False, verify=TLS
        )

    async def _bearer(self, token):
        return {"Authorization": f"Bearer {token}"}

    async def aclose(self):
        for client in self._clients.values():
            await client.aclose()


def basic(name, password):
    return "Basic " + b64encode(f"{name}:{password}".encode()).decode()


@asynccontextmanager
async def running(world=None, database=None, **more):
    clock = Clock()
    async with AsyncExitStack() as stack:
        if database is None:
            database = Database("sqlite+aiosqlite:///:memory:", clock=clock)
            await database.open()
            stack.push_async_callback(database.close)
        if world is not None:
            await database.write(world.put)
        passwords = Passwords(hasher=QuickPasswordHash(), threads=1)
        stack.push_async_callback(passwords.close)
        set_off = []
        platform = EmbeddedPlatform(
            database,
            on_run=set_off.append,
            check_script=compiles,
            gate=PasswordGate(
                people=EmbeddedPasswords(database=database, passwords=passwords), throttle=Throttle()
            ),
            **more,
        )
        platform.attach(await stack.enter_async_context(serve(platform.asgi)))
        stack.push_async_callback(platform.close)
        bench = Bench(platform, clock, set_off)
        stack.push_async_callback(bench.aclose)
        yield bench


@pytest.fixture
def world():
    return World()


@pytest.fixture
def start_platform():
    return running


@pytest.fixture
async def platform():
    async with running(World()) as bench:
        yield bench


@pytest.fixture
async def incidents(plan_world):
    """A platform with a plan: whom it admits, a form, and an integration for each kind of change."""
    async with running(plan_world) as bench:
        yield bench


@pytest.fixture
def plan_world():
    return World(roles=PLAN_ROLES, people=PLAN_PEOPLE, events=(), more=(put_incidents,))


KINDS = ("STATUS", "DELIVERYSTATUS", "RESPONSE", "ANNOTATION", "ESCALATION", "TARGETEDRECIPIENTFAILURE")
#: sam sends; dev develops; ed is the service that tells people; rita and will are told; otto has nothing.
PLAN_ROLES = (
    role("Sender", "login", Responder=("View", "Use")),
    role("Developer", "login", "developer"),
    role("Notifier", "events"),
    role("Responder"),
    role("Planner", "plans", "login"),
)
PLAN_PEOPLE = (
    person("sam", "Sender", first_name="Sam", last_name="Sender"),
    person("dev", "Developer"),
    person("ed", "Notifier"),
    person("rita", "Responder", first_name="Rita", last_name="Lee"),
    person("will", "Responder"),
    person("pia", "Planner"),
    person("otto"),
)
PLAN = Plan(
    id="p-incidents",
    name="incidents",
    access=Access(roles=frozenset({"Sender", "Developer", "Notifier"})),
)
FORM = Form(
    id="f-alert",
    plan_id="p-incidents",
    name="alert",
    senders=Access(roles=frozenset({"Sender"})),
    response_options=("Acknowledge", "Escalate"),
)


def script_of(owner_id, source="def main(callback):\n    return 1\n"):
    return ScriptVersion(
        id=f"v-{owner_id}",
        owner_id=owner_id,
        number=1,
        sha256=hashlib.sha256(source.encode()).hexdigest(),
        source=source,
        author="deputize.toml",
        created=Clock().now,
    )


def outbound(kind, **more):
    return Integration(
        **{
            "id": f"i-{kind}",
            "plan_id": PLAN.id,
            "name": kind.lower(),
            "callback": kind,
            "form_id": FORM.id,
            "script_version_id": f"v-i-{kind}",
            **more,
        }
    )


def inbound(name, **more):
    return Integration(
        **{
            "id": f"i-{name}",
            "plan_id": PLAN.id,
            "name": name,
            "action": "CREATE_EVENT",
            "method": "basic",
            "form_id": FORM.id,
            "script_version_id": f"v-i-{name}",
            **more,
        }
    )


async def put_integration(tx, integration):
    await tx.scripts.add(script_of(integration.id))
    await tx.integrations.put(integration)


async def put_incidents(tx):
    await tx.plans.put(PLAN)
    await tx.forms.put(FORM)
    await tx.constants.put(PLAN.id, "Prefix", "x_xma")
    for kind in KINDS:
        await put_integration(tx, outbound(kind))


def stored_run(name, **more):
    """Return a run that is under way for *name*."""
    run = StoredRun(
        id=str(uuid4()),
        state=RunState.RUNNING,
        integration_id=None,
        plan_id=None,
        name="script",
        trigger="STATUS",
        script_sha256="0" * 64,
        shown_path="script",
        start={},
        initiator=Principal(id=name, name=name, via="api", subject=person(name).id),
        trace_id=uuid4().hex,
        queued=Clock().now,
    )
    return replace(run, **more)


def inbound_run(name, integration, **more):
    return stored_run(
        name,
        integration_id=integration.id,
        plan_id=integration.plan_id,
        trigger=INBOUND,
        chain=(integration.id,),
        **more,
    )


@pytest.fixture
def make():
    """What tests build values with."""

    class Make:
        person = staticmethod(person)
        role = staticmethod(role)
        event = staticmethod(event)
        outbound = staticmethod(outbound)
        inbound = staticmethod(inbound)
        put_integration = staticmethod(put_integration)
        stored_run = staticmethod(stored_run)
        inbound_run = staticmethod(inbound_run)
        script_of = staticmethod(script_of)
        basic = staticmethod(basic)
        World = World
        plan = PLAN
        form = FORM
        kinds = KINDS

    return Make
