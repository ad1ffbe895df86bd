"""A deployment of two plans, and people who may do different things in it."""

import hashlib
from contextlib import suppress
from dataclasses import replace

import pytest

from deputize.activity.entries import Script
from deputize.credentials.keys import KeyHasher
from deputize.credentials.master_key import MasterKey
from deputize.credentials.passwords import Busy
from deputize.credentials.sealing import Sealer
from deputize.credentials.signing_secrets import SigningSecrets
from deputize.domain.endpoint import EVERY_PLAN, SealedSecret, StoredEndpoint
from deputize.domain.integration import Integration, ScriptVersion
from deputize.domain.person import Person, Role
from deputize.domain.plan import Access, Form, Plan
from deputize.domain.principal import Principal
from deputize.domain.run import RunState
from deputize.domain.start import inbound_start, read_start
from deputize.domain.stored_run import RunFilter, StoredRun
from deputize.platform.embedded.accounts import EmbeddedAccounts
from deputize.store import Database
from deputize.use_cases.actor import Actor
from deputize.use_cases.errors import NotPermitted
from deputize.use_cases.replay_live import LiveReplay, WantedReplay
from deputize_sandbox import Diagnostic

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
CALLBACK = {"eventIdentifier": 7, "recipient": "mary", "response": "Yes", "device": "Phone"}


class Checker:
    """Finds fault with scripts that call eval, and does in between what a test asks for."""

    def __init__(self):
        self.checked = []
        self.meanwhile = None

    async def check(self, candidate):
        self.checked.append(candidate)
        if self.meanwhile is not None:
            await self.meanwhile()
        if "eval(" not in candidate.source:
            return ()
        return (
            Diagnostic(
                code="NAME_NOT_ALLOWED",
                message="eval is not available.",
                file=candidate.name,
                line=1,
                column=1,
            ),
        )


class Hasher:
    """Hashes passwords at once, or is busy."""

    def __init__(self):
        self.busy = False

    async def hash(self, password):
        return Busy(retry_after=2) if self.busy else hashlib.sha256(password.encode()).hexdigest()


class Office:
    """The deployment, and who does what in it."""

    def __init__(self, database, clock):
        self.database = database
        self.clock = clock
        self.hasher = KeyHasher(MasterKey(b"k" * 32))
        self.sealer = Sealer(MasterKey(b"k" * 32))
        self.signing = SigningSecrets(self.sealer)
        self.passwords = Hasher()
        self.checker = Checker()

    def as_(self, name):
        return Actor(subject=f"id-of-{name}", name=name, source="192.0.2.1")

    async def read(self, work):
        return await self.database.read(work)

    async def write(self, work):
        return await self.database.write(work)

    async def change_person(self, name, **values):
        async def work(tx):
            await tx.people.put(replace(await tx.people.by_name(name), **values))

        await self.database.write(work)

    async def change_plan(self, name, **values):
        async def work(tx):
            await tx.plans.put(replace(await tx.plans.by_name(name), **values))

        await self.database.write(work)

    async def change_integration(self, integration_id, **values):
        async def work(tx):
            await tx.integrations.put(replace(await tx.integrations.get(integration_id), **values))

        await self.database.write(work)

    async def audit(self):
        """Return what is in the audit stream, the oldest first."""
        records = await self.database.read(lambda tx: tx.audit.page(limit=1000))
        return [(each.actor, each.action, each.target, dict(each.detail)) for each in reversed(records)]

    async def put_world(self):
        async def work(tx):
            for name, functions in ROLES.items():
                await tx.roles.put(Role(name=name, functions=frozenset(functions)))
            for name, role in PEOPLE.items():
                await tx.people.put(Person(id=f"id-of-{name}", target_name=name, roles=frozenset({role})))
            everybody_but_admins = frozenset({"Supervisor", "Developer", "Standard", "REST"})
            await tx.plans.put(Plan(id="p1", name="Incidents", access=Access(roles=everybody_but_admins)))
            await tx.plans.put(Plan(id="p2", name="Payroll", access=Access(people=frozenset({"id-of-sue"}))))
            await tx.forms.put(Form(id="f1", plan_id="p1", name="alert", response_options=("Yes", "No")))
            await tx.forms.put(Form(id="f2", plan_id="p1", name="notice"))
            await tx.forms.put(Form(id="f3", plan_id="p2", name="pay"))
            await tx.endpoints.put(
                StoredEndpoint(
                    scope=EVERY_PLAN, name="Wiki", definition={"base_url": "https://wiki.example/"}
                )
            )
            await tx.endpoints.put(
                StoredEndpoint(scope="p1", name="Desk", definition={"base_url": "https://desk.example/"})
            )
            await tx.secrets.put(
                SealedSecret(
                    scope=EVERY_PLAN,
                    name="wiki-token",
                    endpoints=frozenset({"Wiki"}),
                    sealed=b"",
                    changed=tx.now,
                )
            )
            for integration, values in INTEGRATIONS.items():
                await tx.scripts.add(
                    ScriptVersion(
                        id=f"script of {integration}",
                        owner_id=integration,
                        number=1,
                        sha256=hashlib.sha256(SOURCE.encode()).hexdigest(),
                        source=SOURCE,
                        author="deputize.toml",
                        created=tx.now,
                    )
                )
                await tx.integrations.put(
                    Integration(
                        **{
                            "id": integration,
                            "plan_id": "p1",
                            "name": integration,
                            "script_version_id": f"script of {integration}",
                            **values,
                        }
                    )
                )

        await self.database.write(work)


INTEGRATIONS = {
    "by-url": {"action": "CREATE_EVENT", "form_id": "f1", "method": "url"},
    "by-api-key": {"action": "RUN_SCRIPT", "method": "api-key"},
    "other": {"action": "RUN_SCRIPT", "method": "api-key"},
    "by-basic": {"action": "RUN_SCRIPT", "method": "basic"},
    "unchosen": {"action": "RUN_SCRIPT", "method": None},
    "simple": {
        "action": "CREATE_EVENT_SIMPLE",
        "form_id": "f1",
        "method": "basic",
        "script_version_id": None,
    },
    "on-response": {"callback": "RESPONSE", "form_id": "f1"},
    "pay": {"plan_id": "p2", "action": "RUN_SCRIPT", "method": "api-key"},
}


@pytest.fixture
async def office(clock):
    database = Database("sqlite+aiosqlite:///:memory:", clock=clock)
    await database.open()
    office = Office(database, clock)
    await office.put_world()
    yield office
    await database.close()


class Replays:
    """An office in which runs are replayed."""

    def __init__(self, office):
        self.office = office
        self.submitted = []
        #: The script of whoever has none.
        self.default = Script(name="default", sha256="d" * 64)
        self.live = LiveReplay(
            database=office.database,
            accounts=EmbeddedAccounts(office.database),
            default_script=self.default,
            submit=self.submitted.append,
        )

    async def put(self, run_id, integration="by-basic", *, of="stan", **more):
        """Keep a run of *integration* that *of* has set off, and return it."""
        outbound = integration == "on-response"
        start = (
            read_start("RESPONSE", CALLBACK)
            if outbound
            else inbound_start(
                request_id=run_id,
                integration_id=integration,
                headers={"content-type": "text/plain"},
                body="x",
                payload=None,
                remote_address="203.0.113.9",
            )
        )
        run = StoredRun(
            **{
                "id": run_id,
                "state": RunState.COMPLETED,
                "integration_id": integration,
                "plan_id": "p1",
                "name": integration,
                "trigger": start.trigger,
                "script_sha256": "a" * 64,
                "script_version_id": "an older version",
                "shown_path": f"{integration}.py",
                "start": start.model_dump(mode="json"),
                "initiator": Principal(id=of, name=of, via="basic", subject=f"id-of-{of}"),
                "event_id": "event" if outbound else None,
                "chain": (integration,),
                "trace_id": "0" * 32,
                "queued": self.office.clock(),
                "finished": self.office.clock(),
                **more,
            }
        )
        await self.office.write(lambda tx: tx.runs.add(run))
        return run

    async def ask(self, name, run_id, **more):
        """Return the new run, QUEUED or DENIED, that *name*'s request has made."""
        before = {each.id for each in await self.all(run_id)}
        wanted = WantedReplay(run_id=run_id, **more)
        with suppress(NotPermitted):
            await self.live.replay(self.office.as_(name), wanted)
        [new] = [each for each in await self.all(run_id) if each.id not in before]
        return new

    async def all(self, run_id):
        """Return the replays of a run, the newest first."""
        return await self.office.read(lambda tx: tx.runs.page(RunFilter(replay_of=run_id), limit=100))

    async def end(self, run):
        """End *run*, so that it can be replayed."""
        await self.office.write(lambda tx: tx.runs.finish(run.id, state=RunState.FAILED, at=run.queued))

    async def entries(self, run):
        return await self.office.read(lambda tx: tx.entries.of_run(run.id))


@pytest.fixture
async def replays(office):
    """An office in which rae may, besides what a developer may, replay runs as their initiators."""

    async def work(tx):
        await tx.roles.put(Role(name="Replayer", functions=frozenset({"replay:as-initiator"})))
        await tx.people.put(
            Person(
                id="id-of-rae",
                target_name="rae",
                first_name="Rae",
                last_name="Roe",
                roles=frozenset({"Developer", "Replayer"}),
            )
        )

    await office.write(work)
    return Replays(office)
