"""Taking a project file over: what changed wins, what did not stays as it was edited, what is gone stops."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from deputize.domain.endpoint import EVERY_PLAN
from deputize.domain.plan import Access, Plan
from deputize.errors import ProjectInvalid
from deputize.project import Project, ids
from deputize.project.apply import apply_project
from deputize.project.content import ProjectContent
from deputize.store import Database

FILE = """
[users.dana]
roles = ["Company Supervisor"]
[users.rob]
roles = ["REST Web Service User"]
[[events]]
id = "12623005"
initiator = "rob"
form = "incidents/alert"
properties = { Number = "INC1" }
[endpoints.Tickets]
base_url = "https://tickets.example/"
[secrets.pin]
endpoints = ["Tickets"]
[plans.incidents]
access = { roles = ["REST Web Service User"], users = ["dana"] }
constants = { Prefix = "x" }
[plans.incidents.shared]
snow = "snow.py"
[plans.incidents.endpoints.Chat]
base_url = "https://chat.example/"
[plans.incidents.forms.alert]
senders = { users = ["rob"] }
[plans.incidents.integrations.acknowledge]
on = "RESPONSE"
form = "alert"
script = "acknowledge.py"
[plans.incidents.integrations.simple]
auth = "basic"
action = "CREATE_EVENT_SIMPLE"
form = "alert"
"""


pytestmark = pytest.mark.anyio


class Deployment:
    """A database that lives on while its project is edited."""

    def __init__(self, folder):
        self.folder = folder
        self.db = Database("sqlite+aiosqlite:///:memory:", clock=lambda: datetime(2026, 11, 25, tzinfo=UTC))
        self.write(FILE)
        (folder / "acknowledge.py").write_text("def main():\n    return 1\n")
        (folder / "snow.py").write_text("def close():\n    return 2\n")

    def write(self, text):
        (self.folder / "deputize.toml").write_text(text)

    async def start(self):
        content = ProjectContent.read(Project.load(self.folder / "deputize.toml"))
        await self.db.write(lambda tx: apply_project(tx, content))


@pytest.fixture
async def deployment(tmp_path):
    deployed = Deployment(tmp_path)
    await deployed.db.open()
    await deployed.start()
    yield deployed
    await deployed.db.close()


async def test_everything_that_is_declared_is_there(deployment):
    plan_id = ids.plan_id("incidents")

    async def look(tx):
        rob = await tx.people.by_name("rob")
        dana = await tx.people.by_name("dana")
        plan = await tx.plans.by_name("incidents")
        assert plan.access == Access(roles=frozenset({"REST Web Service User"}), people=frozenset({dana.id}))
        form = await tx.forms.find(plan.id, "alert")
        assert form.senders == Access(people=frozenset({rob.id}))
        event = await tx.events.get("12623005")
        assert (event.submitter_id, event.form_id, dict(event.properties)) == (
            rob.id,
            form.id,
            {"Number": "INC1"},
        )
        assert [each.name for each in await tx.endpoints.of_plan(plan_id)] == ["Chat", "Tickets"]
        [secret] = await tx.secrets.of_plan(plan_id)
        assert (secret.name, secret.endpoints, secret.sealed) == ("pin", {"Tickets"}, b"")
        assert await tx.constants.of_plan(plan_id) == {"Prefix": "x"}
        [library] = await tx.libraries.of_plan(plan_id)
        assert (await tx.scripts.get(library.script_version_id)).source == "def close():\n    return 2\n"
        acknowledge, simple = await tx.integrations.of_plan(plan_id)
        assert (acknowledge.callback, acknowledge.form_id, acknowledge.method) == ("RESPONSE", form.id, None)
        version = await tx.scripts.get(acknowledge.script_version_id)
        assert (version.number, version.author) == (1, "deputize.toml")
        assert (simple.action, simple.method, simple.script_version_id) == (
            "CREATE_EVENT_SIMPLE",
            "basic",
            None,
        )

    await deployment.db.read(look)


async def test_what_was_edited_since_survives_a_start_with_the_same_file(deployment):
    async def edit(tx):
        simple = await tx.integrations.by_name(ids.plan_id("incidents"), "simple")
        await tx.integrations.put(replace(simple, method="api-key"))
        rob = await tx.people.by_name("rob")
        await tx.people.put(replace(rob, roles=frozenset()))
        await tx.constants.put(ids.plan_id("incidents"), "Prefix", "edited")

    await deployment.db.write(edit)
    await deployment.start()

    async def look(tx):
        assert (await tx.integrations.by_name(ids.plan_id("incidents"), "simple")).method == "api-key"
        assert (await tx.people.by_name("rob")).roles == frozenset()
        assert await tx.constants.of_plan(ids.plan_id("incidents")) == {"Prefix": "edited"}

    await deployment.db.read(look)


async def test_a_section_that_changed_wins_and_a_changed_script_is_a_new_version(deployment):
    deployment.write(FILE.replace('Prefix = "x"', 'Prefix = "y"').replace('auth = "basic"', 'auth = "url"'))
    (deployment.folder / "acknowledge.py").write_text("def main():\n    return 3\n")
    await deployment.start()

    async def look(tx):
        plan_id = ids.plan_id("incidents")
        assert await tx.constants.of_plan(plan_id) == {"Prefix": "y"}
        acknowledge, simple = await tx.integrations.of_plan(plan_id)
        assert simple.method == "url"
        versions = await tx.scripts.of_owner(acknowledge.id)
        assert [each.number for each in versions] == [2, 1]
        assert acknowledge.script_version_id == versions[0].id

    await deployment.db.read(look)


async def test_what_is_declared_no_more_stops_working(deployment):
    deployment.write("[users.dana]\nroles = []\n")
    await deployment.start()

    async def look(tx):
        plan_id = ids.plan_id("incidents")
        assert (await tx.people.by_name("rob")).status == "INACTIVE"
        assert not (await tx.plans.get(plan_id)).enabled
        assert [each.enabled for each in await tx.integrations.of_plan(plan_id)] == [False, False]
        assert [each.start for each in await tx.forms.of_plan(plan_id)] == [frozenset()]
        assert await tx.endpoints.in_scope(EVERY_PLAN) == await tx.endpoints.in_scope(plan_id) == []
        assert await tx.secrets.all() == await tx.libraries.of_plan(plan_id) == []
        assert await tx.constants.of_plan(plan_id) == {}
        assert await tx.events.get("12623005") is not None

    await deployment.db.read(look)


async def test_a_user_who_was_deleted_and_is_declared_anew_is_somebody_else(deployment):
    before = await deployment.db.read(lambda tx: tx.people.by_name("rob"))
    await deployment.db.write(lambda tx: tx.people.delete(before.id))
    await deployment.start()
    assert await deployment.db.read(lambda tx: tx.people.by_name("rob")) is None
    deployment.write(FILE.replace("[users.rob]", '[users.rob]\nfirst_name = "Rob"'))
    await deployment.start()

    after = await deployment.db.read(lambda tx: tx.people.by_name("rob"))
    assert after.id != before.id


class TestTheAuditStream:
    async def acts(self, deployment):
        return await deployment.db.read(lambda tx: tx.audit.page(limit=10))

    async def test_the_first_start_says_what_was_taken_over(self, deployment):
        [act] = await self.acts(deployment)

        assert (act.actor, act.action, act.target, act.source) == (
            "operator",
            "project.applied",
            "project:deputize.toml",
            "project",
        )
        assert act.detail == {
            "taken_over": [
                "role Company Supervisor",
                "role REST Web Service User",
                "user dana",
                "user rob",
                "endpoint Tickets",
                "secret pin",
                "plan incidents",
                "constant incidents/Prefix",
                "endpoint incidents/Chat",
                "form incidents/alert",
                "library incidents/snow",
                "integration incidents/acknowledge",
                "script incidents/acknowledge",
                "integration incidents/simple",
                "event 12623005",
            ],
            "withdrawn": [],
        }

    async def test_a_start_that_changes_nothing_leaves_no_record(self, deployment):
        await deployment.start()

        assert len(await self.acts(deployment)) == 1

    async def test_a_later_start_says_what_changed_and_what_is_gone(self, deployment):
        deployment.write(
            FILE.replace('users = ["rob"]', 'users = ["dana"]').replace(
                '[endpoints.Tickets]\nbase_url = "https://tickets.example/"\n[secrets.pin]\n'
                'endpoints = ["Tickets"]\n',
                "",
            )
        )
        await deployment.start()

        assert (await self.acts(deployment))[0].detail == {
            "taken_over": ["form incidents/alert"],
            "withdrawn": ["endpoint Tickets", "secret pin"],
        }

    async def test_of_very_many_sections_the_number_is_said(self, deployment):
        deployment.write(FILE + "".join(f"[users.u{number}]\nroles = []\n" for number in range(700)))
        await deployment.start()

        listed = (await self.acts(deployment))[0].detail["taken_over"]

        assert (len(listed), listed[-1]) == (501, "and 200 more")


@pytest.mark.parametrize("changed", ["section", "script"])
async def test_a_section_of_the_file_ends_legacy_and_that_is_in_the_audit_stream(deployment, changed):
    """C-15, C-18: it names a method, so that taking it over is a choice; nothing else of it ends legacy."""
    plan_id = ids.plan_id("incidents")
    (deployment.folder / "old.py").write_text("def main():\n    return 1\n")
    section = '[plans.incidents.integrations.old]\nauth = "api-key"\nscript = "old.py"\n'
    deployment.write(FILE + section)
    await deployment.start()

    async def make_legacy(tx):
        old = await tx.integrations.by_name(plan_id, "old")
        await tx.integrations.put(replace(old, method=None, legacy=True))

    async def look(tx):
        old = await tx.integrations.by_name(plan_id, "old")
        acts = await tx.audit.page(limit=100, action="integration.changed")
        return old.legacy, old.method, [(each.actor, each.target, each.detail, each.source) for each in acts]

    await deployment.db.write(make_legacy)
    await deployment.start()
    unchanged = await deployment.db.read(look)
    if changed == "section":
        deployment.write(FILE + section + "enabled = false\n")
    else:
        (deployment.folder / "old.py").write_text("def main():\n    return 2\n")
    await deployment.start()

    assert unchanged == (True, None, [])
    assert await deployment.db.read(look) == (
        False,
        "api-key",
        [
            (
                "operator",
                "integration:incidents/old",
                {"method": "api-key", "legacy": False},
                "project",
            )
        ],
    )


async def test_a_plan_is_not_declared_over_one_that_was_imported(deployment):
    await deployment.db.write(lambda tx: tx.plans.put(Plan(id="imported", name="changes")))
    deployment.write(FILE + "[plans.changes]\n")

    with pytest.raises(ProjectInvalid) as refused:
        await deployment.start()

    assert str(refused.value) == (
        'plans.changes: a plan "changes" was imported, and the file declares none over it. '
        "Give one of them another name."
    )
