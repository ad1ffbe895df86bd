"""A server over a small deployment, asked in the process or over real sockets."""

import asyncio
import hashlib
import re
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from deputize.activity.entries import Script
from deputize.credentials.access_tokens import AccessTokens
from deputize.credentials.bearer_tokens import BearerTokens
from deputize.credentials.keys import KeyHasher
from deputize.credentials.master_key import MasterKey
from deputize.credentials.oauth_secrets import hash_of_client_secret
from deputize.credentials.password_gate import PasswordGate
from deputize.credentials.passwords import Passwords
from deputize.credentials.sealing import Sealer
from deputize.credentials.signing_keys import SigningKeys
from deputize.credentials.signing_secrets import SigningSecrets
from deputize.credentials.throttle import Throttle
from deputize.domain.integration import Integration, ScriptVersion
from deputize.domain.keys import StoredPassword
from deputize.domain.legacy import LegacyTerms
from deputize.domain.oauth import OAuthClient
from deputize.domain.person import Person, Role
from deputize.domain.plan import Access, Form, Plan
from deputize.domain.principal import Principal
from deputize.domain.run import RunState, RunUsage
from deputize.domain.schedule import Schedule
from deputize.domain.stored_run import StoredRun
from deputize.inbound.authentication import Authentication
from deputize.inbound.intake import Intake
from deputize.oauth.authorization_server import AuthorizationServer
from deputize.oauth.sealed_request import RequestSeal
from deputize.platform.embedded.accounts import EmbeddedAccounts
from deputize.platform.embedded.commits import Commits
from deputize.platform.embedded.form_starts import FormStarts
from deputize.platform.embedded.passwords import EmbeddedPasswords
from deputize.resources import StoredResources
from deputize.server.app import build_app
from deputize.server.listen import listen
from deputize.server.parts import ServerParts
from deputize.server.pulse import Pulse
from deputize.settings import Settings
from deputize.store import Database
from deputize.use_cases.replay_live import LiveReplay
from deputize_client import Secret
from deputize_sandbox import Diagnostic

#: What each person may do is what their role says; every password is "password of NAME".
ROLES = {
    "Administrator": {"login", "admin"},
    "Supervisor": {"login", "people", "plans"},
    "Issuer": {"login", "issue-keys-for-others"},
    "Developer": {"login", "developer"},
    "Standard": {"login"},
    "REST": {"rest"},
}
PEOPLE = {
    "ann": "Administrator",
    "sue": "Supervisor",
    "iris": "Issuer",
    "dev": "Developer",
    "stan": "Standard",
    "rob": "REST",
}
SOURCE = "def main():\n    return 1\n"


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = field(default=datetime(2026, 11, 25, 8, 34, 28, tzinfo=UTC))

    def __call__(self):
        return self.now

    def seconds(self):
        return self.now.timestamp()

    def forward(self, **by):
        self.now += timedelta(**by)


class QuickHash:
    """A password hash that costs nothing, and counts."""

    def __init__(self):
        self.verified = 0

    def hash(self, password):
        return hashlib.sha256(password).hexdigest()

    def verify(self, password, hash):  # noqa: A002 - the name that pwdlib gives it
        self.verified += 1
        return hash == hashlib.sha256(password).hexdigest()


class Checker:
    """Finds fault with scripts that call eval."""

    async def check(self, candidate):
        fault = {"code": "NAME_NOT_ALLOWED", "message": "eval is not available.", "line": 1, "column": 1}
        return (Diagnostic(file=candidate.name, **fault),) if "eval(" in candidate.source else ()


async def platform(scope, receive, send):
    """Answer in a shape of its own, and tell the path."""
    await send({"type": "http.response.start", "status": 418, "headers": [(b"x-trace", b"1")]})
    await send({"type": "http.response.body", "body": scope["path"].encode()})


#: What no answer of 400 and above has in it, whatever was asked (security model C-48).
INSIDE = re.compile(
    r"Traceback|\.py\b|sqlite|sqlalchemy|pydantic|starlette|fastapi|uvicorn|psycopg"
    r"|\bSELECT\b|\bINSERT\b|\w(?:Error|Exception)\b|/site-packages|/runtime/|deputize\.[a-z]+\.|dp(?:[sur]|cs|a)_",
)


PROBLEM = "application/problem+json"
#: Where refusals have the shapes of OAuth; what the edge refuses is a problem document there too.
SHAPES = {
    "/oauth2/authorize": ("text/html; charset=utf-8", PROBLEM),
    **dict.fromkeys(
        ("/oauth2/token", "/api/xm/1/oauth2/token", "/oauth2/revoke", "/oauth2/introspect"),
        ("application/json", PROBLEM),
    ),
}


async def names_nothing_of_the_inside(response):
    """Look at every refusal that a test gets."""
    if response.is_error and response.status_code != 418:
        await response.aread()
        assert INSIDE.search(response.text) is None, response.text
        assert response.headers["Content-Type"] in SHAPES.get(response.url.path, (PROBLEM,))


class Bench:
    """The server, its deployment, and clients."""

    def __init__(self, database, clock, *, allowances=None, password_grant=True, **more):
        self.database = database
        self.clock = clock
        self.hash = QuickHash()
        self.passwords = Passwords(hasher=self.hash, threads=1, waiting=100, monotonic=clock.seconds)
        self.hasher = KeyHasher(MasterKey(b"k" * 32))
        self.sealer = Sealer(MasterKey(b"k" * 32))
        self.signing = SigningSecrets(self.sealer)
        self.checker = Checker()
        self.pulse = Pulse()
        self.commits = Commits()
        self.stopping = asyncio.Event()
        self.sandbox = True
        self.submitted = []
        self.accepted = asyncio.Event()
        self.clients = {}
        accounts = EmbeddedAccounts(database)
        gate = PasswordGate(
            people=EmbeddedPasswords(database=database, passwords=self.passwords),
            throttle=Throttle(allowances, monotonic=clock.seconds),
        )
        self.signing_keys = SigningKeys(self.sealer)
        self.access_tokens = AccessTokens(
            keys=self.signing_keys, accounts=accounts, issuer=lambda: "https://deputize.example"
        )
        self.intake = Intake(
            database=database,
            authentication=Authentication(
                database=database,
                hasher=self.hasher,
                signing=self.signing,
                gate=gate,
                tokens=accounts,
                accounts=accounts,
                bearer=BearerTokens(own=self.access_tokens),
            ),
            accounts=accounts,
            default_script=Script(name="create_event.py", sha256="d" * 64),
            submit=self.submit,
        )
        self.oauth = AuthorizationServer(
            database=database,
            hasher=self.hasher,
            gate=gate,
            accounts=accounts,
            tokens=self.access_tokens,
            seal=RequestSeal(b"r" * 32, clock=clock),
            issuer="https://deputize.example",
            password_grant=password_grant,
            refresh_lifetime=timedelta(days=30),
            longest_grant=timedelta(days=180),
        )
        self.parts = ServerParts(
            database=database,
            oauth=self.oauth,
            intake=self.intake,
            gate=gate,
            passwords=self.passwords,
            hasher=self.hasher,
            sealer=self.sealer,
            signing=self.signing,
            signing_keys=self.signing_keys,
            checker=self.checker,
            resources=StoredResources(settings=Settings(), sealer=self.sealer, stand_ins={}),
            forms=FormStarts(database, on_run=self.submit, commits=self.commits),
            replays=LiveReplay(
                database=database,
                accounts=accounts,
                default_script=Script(name="default", sha256="d" * 64),
                submit=self.submit,
            ),
            platform=platform,
            cursor_key=b"c" * 32,
            public_url="https://deputize.example",
            clock=clock,
            stopping=self.stopping,
            pulse=self.pulse,
            sandbox_ready=self.sandbox_ready,
            **more,
        )
        self.app = build_app(self.parts)

    async def sandbox_ready(self):
        return self.sandbox

    def submit(self, run_id):
        self.submitted.append(run_id)
        self.accepted.set()

    async def put_world(self):
        now = self.clock()

        async def work(tx):
            for name, functions in ROLES.items():
                await tx.roles.put(Role(name=name, functions=frozenset(functions)))
            for name, role in PEOPLE.items():
                await tx.people.put(Person(id=f"id-of-{name}", target_name=name, roles=frozenset({role})))
                password = f"password of {name}".encode()
                await tx.passwords.put(
                    StoredPassword(person_id=f"id-of-{name}", hash=self.hash.hash(password), changed=now)
                )
            await tx.plans.put(
                Plan(
                    id="incidents",
                    name="Incidents",
                    access=Access(roles=frozenset({"Supervisor", "Developer", "Standard", "REST"})),
                )
            )
            await tx.plans.put(
                Plan(id="payroll", name="Payroll", access=Access(people=frozenset({"id-of-sue"})))
            )
            for plan, form in (("incidents", "alert"), ("payroll", "pay")):
                await tx.forms.put(Form(id=form, plan_id=plan, name=form, response_options=("Yes", "No")))
            for number, (integration, values) in enumerate(INTEGRATIONS.items(), 1):
                await tx.scripts.add(
                    ScriptVersion(
                        id=f"v{number}",
                        owner_id=integration,
                        number=1,
                        sha256=hashlib.sha256(SOURCE.encode()).hexdigest(),
                        source=SOURCE,
                        author="deputize.toml",
                        created=now,
                    )
                )
                await tx.integrations.put(
                    Integration(
                        **{
                            "id": integration,
                            "plan_id": "incidents",
                            "name": integration,
                            "script_version_id": f"v{number}",
                            **values,
                        }
                    )
                )

        await self.database.write(work)

    def client(self, name=None, **more):
        """Return a client that signs in as *name*, or does not."""
        key = (name, tuple(sorted(more)))
        if key not in self.clients:
            self.clients[key] = httpx.AsyncClient(
                transport=httpx.ASGITransport(
                    self.app, raise_app_exceptions=False, client=("192.0.2.1", 123)
                ),
                base_url="http://testserver",
                auth=None if name is None else (name, f"password of {name}"),
                event_hooks={"response": [names_nothing_of_the_inside]},
                **more,
            )
        return self.clients[key]

    async def change_person(self, name, **values):
        async def work(tx):
            await tx.people.put(replace(await tx.people.by_name(name), **values))

        await self.database.write(work)

    async def expire_password(self, name):
        async def work(tx):
            stored = await tx.passwords.get(f"id-of-{name}")
            await tx.passwords.put(replace(stored, expires=tx.now))

        await self.database.write(work)

    async def put_zoe(self):
        """Have somebody who does nothing by herself."""
        zoe = Person(id="id-of-zoe", target_name="zoe", roles=frozenset({"Standard"}))
        await self.database.write(lambda tx: tx.people.put(zoe))

    async def put_client(self, client_id, *, secret=None, **more):
        """Have a client of OAuth, a confidential one with that *secret*."""
        hashed = None
        if secret is not None:
            hashed = hash_of_client_secret(self.hasher, client_id=client_id, secret=Secret("x", secret))
        client = OAuthClient(
            **{
                "id": client_id,
                "name": "Wallboard",
                "redirect_uris": ("https://wall.example/back",),
                "grants": frozenset({"authorization_code", "refresh_token"}),
                "scope": frozenset({"read", "trigger"}),
                "secret_hash": hashed,
                "created": self.clock(),
                "created_by": "operator",
                **more,
            }
        )
        await self.database.write(lambda tx: tx.oauth.put_client(client))
        return client

    async def add_dead_letter(self, run_id, **more):
        await self.add_run(run_id, state=RunState.FAILED, **more)
        await self.database.write(lambda tx: tx.runs.give_up(run_id, at=tx.now, because="It failed."))

    async def add_run(
        self, run_id, *, name="stan", plan="incidents", integration="by-basic", documents=(), **more
    ):
        run = StoredRun(
            **{
                "id": run_id,
                "state": RunState.COMPLETED,
                "integration_id": integration,
                "plan_id": plan,
                "name": integration,
                "trigger": "inbound",
                "script_sha256": "a" * 64,
                "shown_path": f"{integration}.py",
                "start": {},
                "initiator": Principal(id=name, name=name, via="basic", subject=f"id-of-{name}"),
                "trace_id": "0" * 32,
                "queued": self.clock(),
                "finished": self.clock(),
                "result": None,
                "usage": RunUsage(wall_ms=1, cpu_ms=1, http_ms=0, max_rss_kb=1, calls=0, refusals=0),
                **more,
            }
        )

        async def work(tx):
            await tx.runs.add(run)
            await tx.entries.append(
                run_id, [entry(run, seq, **each) for seq, each in enumerate(documents, 1)]
            )

        await self.database.write(work)
        return run

    async def put_schedule(self, schedule_id, *, of="stan", **more):
        """Put a schedule that runs as *of* into the plan, which nobody has consented to, and return it."""
        schedule = Schedule(
            **{
                "id": schedule_id,
                "integration_id": "by-basic",
                "name": schedule_id,
                "cron": "0 3 * * *",
                "timezone": "Europe/Berlin",
                "subject": f"id-of-{of}",
                "content_type": "application/json",
                "body": "{}",
                "created": self.clock(),
                "defined_by": "dev",
                **more,
            }
        )
        await self.database.write(lambda tx: tx.schedules.put(schedule))
        return schedule

    async def put_legacy(self, **terms):
        """Put a legacy integration into the plan, and the terms of it: a pair, and nobody's endpoint."""
        values = {"plan_id": "incidents", "authenticated": True, "name": "reapi", "imported": self.clock()}

        async def work(tx):
            await tx.legacy.put_terms(LegacyTerms(**values | terms))
            plain = await tx.integrations.get("by-basic")
            await tx.integrations.put(replace(plain, id="old", name="old", method=None, legacy=True))

        await self.database.write(work)

    async def runs(self):
        return await self.database.read(lambda tx: tx.runs.page(limit=1000))

    async def audit(self):
        records = await self.database.read(lambda tx: tx.audit.page(limit=1000))
        return [(each.actor, each.action, each.target) for each in reversed(records)]

    async def aclose(self):
        for client in self.clients.values():
            await client.aclose()


INTEGRATIONS = {
    "by-url": {"action": "CREATE_EVENT", "form_id": "alert", "method": "url"},
    "by-api-key": {"action": "RUN_SCRIPT", "method": "api-key"},
    "by-basic": {"action": "RUN_SCRIPT", "method": "basic"},
    "unchosen": {"action": "RUN_SCRIPT", "method": None},
    "outbound": {"callback": "RESPONSE", "form_id": "alert"},
    "secret-pay": {"plan_id": "payroll", "action": "RUN_SCRIPT", "method": "basic"},
}


def entry(run, seq, **more):
    """Return the JSON of an entry of *run*, a line of its log unless *more* says otherwise."""
    return {
        "id": f"{run.id}-{seq}",
        "run": run.id,
        "seq": seq,
        "ts": "2026-11-25T08:34:28+00:00",
        "kind": "log",
        "level": "info",
        "initiator": {"id": run.initiator.id, "via": run.initiator.via},
        "script": {"name": run.shown_path, "sha256": run.script_sha256, "line": None},
        "trace_id": run.trace_id,
        "message": f"line {seq}",
        "fields": {},
        **more,
    }


@asynccontextmanager
async def opened(url="sqlite+aiosqlite:///:memory:", **more):
    clock = Clock()
    database = Database(url, clock=clock)
    await database.open()
    bench = Bench(database, clock, **more)
    try:
        await bench.put_world()
        yield bench
    finally:
        await bench.aclose()
        await bench.intake.close()
        await bench.passwords.close()
        await database.close()


@pytest.fixture(scope="session")
def open_bench():
    return opened


@pytest.fixture
async def bench():
    async with opened() as bench:
        yield bench


class Wire:
    """A connection on which a test writes what it likes."""

    def __init__(self, reader, writer):
        self.reader = reader
        self.writer = writer

    async def send(self, data):
        self.writer.write(data)
        await self.writer.drain()

    async def rest(self):
        """Return everything until the server closes the connection."""
        try:
            return await self.reader.read()
        except ConnectionError:
            return b""

    async def exchange(self, data):
        await self.send(data)
        return await self.rest()


@asynccontextmanager
async def wired(listener):
    """Open a connection to *listener*."""
    reader, writer = await asyncio.open_connection(listener.host, listener.port)
    try:
        yield Wire(reader, writer)
    finally:
        writer.close()
        with suppress(ConnectionError, BrokenPipeError):
            await writer.wait_closed()


@pytest.fixture
def wire():
    return wired


@pytest.fixture
def serve():
    @asynccontextmanager
    async def serving(app, **more):
        """Serve *app* on a real socket."""
        stopping = more.pop("stopping", None) or asyncio.Event()
        async with listen(app, stopping=stopping, **more) as listener:
            yield listener

    return serving
