"""A project with a legacy integration, whose requests have been accepted, over real sockets and in the jail.

Before there were methods, svc owned the plan's endpoint and saw everybody. rob is to be the initiator: he
sees the Standard Users alone, and may not send the form "bridge".
"""

from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from deputize.clock import now
from deputize.composition.drafts import DraftCheck
from deputize.composition.house import open_engine, open_sandbox
from deputize.domain.legacy import LegacyTerms, Shadow
from deputize.domain.limits import Limits
from deputize.domain.principal import Principal
from deputize.domain.start import read_start
from deputize.domain.stored_run import StoredRun
from deputize.execution.shadow.shadowing import Shadowing
from deputize.loopback import serve
from deputize.platform.embedded import EmbeddedPlatform
from deputize.project import Project
from deputize.project.apply import apply_project
from deputize.project.content import ProjectContent
from deputize.resources import StoredResources
from deputize.script_check import SandboxChecker
from deputize.settings import Settings
from deputize.store import Database
from deputize.worker import Worker

PROJECT = """
[users.svc]
roles = ["Company Supervisor"]
[users.rob]
roles = ["REST Web Service User"]
[users.mmcbride]
roles = ["Standard User"]
[users.tlee]
roles = ["Standard User"]
[users.dana]
roles = ["Company Supervisor"]

[roles."Company Supervisor"]
functions = ["people", "events", "groups"]
on = { "*" = ["View", "Use", "Edit", "Assign"] }
[roles."REST Web Service User"]
functions = []
on = { "Standard User" = ["View", "Use"] }
[roles."Standard User"]

[plans.incidents]
access = { roles = ["Company Supervisor", "REST Web Service User"] }
[plans.incidents.forms.alert]
[plans.incidents.forms.bridge]
senders = { roles = ["Company Supervisor"] }
[plans.incidents.integrations.grafana]
auth = "api-key"
action = "RUN_SCRIPT"
script = "grafana.py"
[plans.incidents.integrations.note]
on = "STATUS"
form = "alert"
script = "note.py"
"""
NOTE = '''"""Read who is on call for what has begun."""

def main(callback, http):
    return http.get("/api/xm/1/people/dana").status_code
'''


class House:
    """The parts of a server that runs scripts, without its requests."""

    def __init__(self, database, platform, worker):
        self.database = database
        self.platform = platform
        self.worker = worker
        self.set_off = []

    async def subject(self, name):
        person = await self.database.read(lambda tx: tx.people.by_name(name))
        return person.id

    async def make_legacy(self, *, owner="svc"):
        """Have grafana be what it was before there were methods."""
        subject = await self.subject(owner)

        async def work(tx):
            [grafana] = await tx.integrations.named("grafana")
            await tx.integrations.put(replace(grafana, method=None, legacy=True))
            await tx.legacy.put_terms(
                LegacyTerms(plan_id=grafana.plan_id, authenticated=False, owner=subject, imported=tx.now)
            )
            return grafana

        self.grafana = await self.database.write(work)

    async def shadow(self, name="rob", *, until=None):
        subject = await self.subject(name)
        shadow = Shadow(integration_id=self.grafana.id, subject=subject, since=now(), until=until)
        await self.database.write(lambda tx: tx.legacy.put_shadow(shadow))

    async def run(self, script, *, owner="svc", **more):
        """Have *script* run as grafana's, and what it sets off; return the first run and its entries."""
        person = await self.database.read(lambda tx: tx.people.by_name(owner))
        run_id = str(uuid4())

        async def accept(tx):
            version = await tx.scripts.get(self.grafana.script_version_id)
            number = await tx.scripts.next_number(self.grafana.id)
            await tx.scripts.add(replace(version, id=run_id, number=number, source=script))
            await tx.runs.add(
                StoredRun(
                    **{
                        "id": run_id,
                        "integration_id": self.grafana.id,
                        "plan_id": self.grafana.plan_id,
                        "name": "grafana",
                        "trigger": "inbound",
                        "script_sha256": version.sha256,
                        "script_version_id": run_id,
                        "shown_path": "grafana",
                        "start": read_start("inbound", {}, request_id=run_id).model_dump(mode="json"),
                        "initiator": Principal(id=owner, name=owner, via="legacy", subject=person.id),
                        "chain": (self.grafana.id,),
                        "trace_id": uuid4().hex,
                        "queued": tx.now,
                        **more,
                    }
                )
            )

        await self.database.write(accept)
        self.set_off.append(run_id)
        while self.set_off:
            await self.worker.perform(self.set_off.pop(0))
        run = await self.database.read(lambda tx: tx.runs.get(run_id))
        return run, await self.database.read(lambda tx: tx.entries.of_run(run_id))

    async def findings(self):
        return await self.database.read(lambda tx: tx.legacy.findings(self.grafana.id))

    async def found(self):
        """Return what was found, as (script, line, method, path, verdict, detail), without the times."""
        return [
            (each.script, each.line, each.method, each.path, each.verdict, dict(each.detail))
            for each in await self.findings()
        ]


@pytest.fixture
def open_house(tmp_path: Path):
    """``async with AsyncExitStack() as stack: house = await open_house(stack)``."""

    async def opened(stack: AsyncExitStack, *, foresight=None) -> House:
        (tmp_path / "deputize.toml").write_text(PROJECT)
        (tmp_path / "grafana.py").write_text("def main(http):\n    return None\n")
        (tmp_path / "note.py").write_text(NOTE)
        settings = Settings()
        sandbox = await open_sandbox(stack, settings=settings)
        database = Database(f"sqlite+aiosqlite:///{tmp_path}/deputize.db", clock=now)
        await database.open()
        stack.push_async_callback(database.close)
        content = ProjectContent.present(Project.load(tmp_path / "deputize.toml"))
        await database.write(lambda tx: apply_project(tx, content))
        house: House

        def submit(run_id):
            house.set_off.append(run_id)

        platform = EmbeddedPlatform(database, on_run=submit, check_script=DraftCheck(SandboxChecker(sandbox)))
        platform.attach(await stack.enter_async_context(serve(platform.asgi)))
        stack.push_async_callback(platform.close)
        worker = Worker(
            database=database,
            compiler=sandbox,
            executor=await open_engine(stack, sandbox=sandbox, platform=platform),
            resources=StoredResources(settings=settings, sealer=None, stand_ins={}),
            limits=Limits(),
            shadowing=Shadowing(
                database=database,
                platform=platform,
                foresight=foresight or platform,
                clock=now,
            ),
        )
        house = House(database, platform, worker)
        await house.make_legacy()
        return house

    return opened


@pytest.fixture
async def house(open_house):
    async with AsyncExitStack() as stack:
        yield await open_house(stack)
