"""A database with an integration in it, whose runs are accepted by hand."""

import asyncio
import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from deputize.domain.integration import Integration, ScriptVersion
from deputize.domain.plan import Form, Plan
from deputize.domain.principal import Principal
from deputize.domain.start import read_start
from deputize.domain.stored_run import StoredRun
from deputize.execution.resources import Resources
from deputize_client.testing import FakeCredentialSource

ROB = Principal(id="rob", name="Rob", via="api-key", subject="subject-of-rob")
PLAN = Plan(id="plan-1", name="incidents")
FORM = Form(id="form-1", plan_id="plan-1", name="alert")
INTEGRATION = Integration(
    id="integration-1",
    plan_id="plan-1",
    name="sync",
    action="RUN_SCRIPT",
    method="url",
    form_id="form-1",
    script_version_id="sync-1",
)
SOURCE = "def main(payload):\n    return payload\n"


def version(number, source, owner="sync"):
    return ScriptVersion(
        id=f"{owner}-{number}",
        owner_id=owner,
        number=number,
        sha256=hashlib.sha256(source.encode()).hexdigest(),
        source=source,
        author="dana",
        created=datetime(2018, 4, 17, tzinfo=UTC),
    )


@dataclass
class Given:
    """What scripts may use: the same for every plan, or a misfortune."""

    resources: Resources = field(default_factory=Resources)
    broken: Exception | None = None
    asked: list = field(default_factory=list)

    async def of_plan(self, tx, plan_id):
        self.asked.append(plan_id)
        if self.broken is not None:
            raise self.broken
        return self.resources


class OwnPlatform:
    """A platform of an application's own, at the address of a server."""

    def __init__(self, server, credentials=FakeCredentialSource):
        self.base_url = server.url
        self.credentials = credentials
        self.admitted = frozenset({("127.0.0.1", server.port)})

    def credentials_for(self, principal, *, run_id):
        return self.credentials()

    async def end_run(self, run_id):
        pass

    async def explain(self, exchange):
        # Others go on meanwhile, as while a real one looks that up.
        await asyncio.sleep(0)


class Accepted:
    """Accepts runs, and looks at what has become of them."""

    def __init__(self, database):
        self.database = database

    async def prepare(self, source=SOURCE):
        async def work(tx):
            await tx.plans.put(PLAN)
            await tx.forms.put(FORM)
            await tx.scripts.add(version(1, source))
            await tx.integrations.put(INTEGRATION)

        await self.database.write(work)
        return self

    async def run(self, payload=None, *, source=SOURCE, **fields):
        run_id = str(uuid4())
        start = read_start("inbound", payload, request_id=run_id, integration=INTEGRATION.id)
        run = StoredRun(
            **{
                "id": run_id,
                "integration_id": INTEGRATION.id,
                "plan_id": PLAN.id,
                "name": INTEGRATION.name,
                "trigger": "inbound",
                "script_sha256": hashlib.sha256(source.encode()).hexdigest(),
                "script_version_id": "sync-1",
                "shown_path": "sync",
                "start": start.model_dump(mode="json"),
                "initiator": ROB,
                "chain": (INTEGRATION.id,),
                "trace_id": "trace-1",
                "queued": datetime(2018, 4, 17, 20, 0, tzinfo=UTC),
                **fields,
            }
        )
        await self.database.write(lambda tx: tx.runs.add(run))
        return run_id

    async def save(self, number, source):
        await self.database.write(lambda tx: tx.scripts.add(version(number, source)))

    async def change(self, **fields):
        await self.database.write(lambda tx: tx.integrations.put(replace(INTEGRATION, **fields)))

    async def get(self, run_id):
        return await self.database.read(lambda tx: tx.runs.get(run_id))

    async def entries(self, run_id):
        return await self.database.read(lambda tx: tx.entries.of_run(run_id))

    async def kinds(self, run_id):
        return [entry["kind"] for entry in await self.entries(run_id)]


@pytest.fixture
async def accepted(database):
    return await Accepted(database).prepare()


@pytest.fixture
def accept():
    return Accepted


@pytest.fixture
def given():
    return Given()


@pytest.fixture
def own_platform():
    return OwnPlatform


@pytest.fixture
def script_version():
    return version


@pytest.fixture
def plan():
    return PLAN


@pytest.fixture
def make_run():
    """Makes runs that wait."""

    def make_run(**fields):
        run_id = str(uuid4())
        return StoredRun(
            **{
                "id": run_id,
                "integration_id": "integration-1",
                "plan_id": "plan-1",
                "name": "sync",
                "trigger": "inbound",
                "script_sha256": "0" * 64,
                "shown_path": "sync",
                "start": {},
                "initiator": ROB,
                "trace_id": "0" * 32,
                "queued": datetime(2018, 4, 17, tzinfo=UTC),
                **fields,
            }
        )

    return make_run
