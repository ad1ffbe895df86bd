"""Schedules over real sockets and by the commands: consented to by the user, run once, as that user."""

import asyncio
import json
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from deputize.clock import now
from deputize.deployment import open_deployment
from deputize.domain.schedule import Schedule
from deputize.settings import Settings

from .conftest import PATIENCE, Served, Working, set_passwords

#: Due at the beginning of the year, so that no other due time comes while a test runs.
YEARLY = ("--cron", "0 0 1 jan *", "--timezone", "UTC")
SCRIPT = '''
"""Say who set this off, for when, and with what."""

def main(initiator, payload, request, http):
    people = http.get("/api/xm/1/people").json()
    return {
        "initiator": initiator.id,
        "via": initiator.via,
        "sees": [each["targetName"] for each in people["data"]],
        "payload": payload,
        "schedule": request.schedule.name,
        "due": request.schedule.due.isoformat(),
    }
'''


@pytest.fixture
def project(project):
    (project / "whoami.py").write_text(SCRIPT.lstrip())
    (project / "payload.json").write_text('{"of": "everybody"}')
    return project


def begin_of_year():
    return datetime(now().year, 1, 1, tzinfo=UTC)


def create(served, user, name="yearly"):
    """Define a schedule of ``by_url`` by the command, and return it."""
    payload = str(served.folder / "payload.json")
    wanted = ("--integration", "by_url", "--name", name, "--as", user, "--payload", payload)
    return json.loads(served.command("schedule", "create", *wanted, *YEARLY, "--json").stdout)


def consent(served, schedule, user, *options):
    """Run ``deputize schedule consent`` as *user*, whose password is read from stdin."""
    address = f"{served.told['url']}/schedules/{schedule['id']}"
    return subprocess.run(
        [sys.executable, "-m", "deputize", "schedule", "consent", address, "--user", user, *options],
        input=f"password of {user}",
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def let_pass(served, schedule, due):
    """Have a due time be the next one that has passed already, as if nobody had been there."""

    async def change(tx):
        kept = await tx.schedules.get(schedule["id"])
        await tx.schedules.put(replace(kept, due=due, last_due=None))

    async def work():
        async with open_deployment(Settings(), folder=served.data, clock=now) as deployment:
            await deployment.database.write(change)

    asyncio.run(work())


def test_a_due_time_that_passed_while_the_server_was_down_is_made_up_for_as_the_user(served: Served):
    schedule = create(served, "dana")
    assert (schedule["state"], schedule["due"]) == ("UNCONSENTED", None)
    consented = consent(served, schedule, "dana", "--yes", "--json")
    assert (consented.returncode, consented.stderr) == (0, "")
    schedule = json.loads(consented.stdout)
    assert (schedule["state"], schedule["due"]) == ("ACTIVE", f"{now().year + 1}-01-01T00:00:00Z")

    assert served.stop() == 0
    let_pass(served, schedule, begin_of_year().replace(year=now().year - 2))
    served.start()

    run = served.run_of("by_url")
    due = begin_of_year()
    assert run["result"] == {
        "initiator": "dana",
        "via": "schedule",
        "sees": ["dana", "mary", "nobody", "rob"],
        "payload": {"of": "everybody"},
        "schedule": "yearly",
        "due": due.isoformat(),
    }
    started, request, *_ = run["activity"]
    assert (started["kind"], started["trigger"], started["initiator"]) == (
        "run.started",
        "schedule",
        {"id": "dana", "via": "schedule"},
    )
    assert started["schedule"] == {
        "name": "yearly",
        "due": due.isoformat().replace("+00:00", "Z"),
        "missed": 2,
        "consented": schedule["consented"],
        "script_changed": False,
    }
    assert (request["kind"], request["body"]) == ("inbound.request", {"of": "everybody"})
    assert [each["id"] for each in served.runs(trigger="schedule")] == [run["id"]]
    with served.as_("dana") as dana:
        shown = dana.get(f"/api/v1/schedules/{schedule['id']}").json()
    assert (shown["last_run_id"], shown["due"]) == (run["id"], schedule["due"])


def test_only_the_user_consents_and_withdraws_it_at_any_time(served: Served):
    schedule = create(served, "mary")

    refused = consent(served, schedule, "dana", "--yes")
    unconfirmed = consent(served, schedule, "mary")

    assert refused.returncode == 5
    assert refused.stderr.startswith("error[SERVER_DENIED]: ")
    assert unconfirmed.returncode == 2
    assert unconfirmed.stderr == (
        "error[CONSENT_UNCONFIRMED]: Say --yes when this may run: nobody can be asked here.\n"
    )
    with served.as_("mary") as mary:
        [seen] = mary.get("/api/v1/schedules").json()["data"]
        assert (seen["name"], seen["state"], seen["user"]) == ("yearly", "UNCONSENTED", "mary")
        place = f"/api/v1/schedules/{seen['id']}"
        given = mary.put(f"{place}/consent", json={"digest": seen["digest"]}).json()
        withdrawn = mary.delete(f"{place}/consent").json()
    assert (given["state"], given["body"]) == ("ACTIVE", '{"of": "everybody"}')
    assert (withdrawn["state"], withdrawn["due"]) == ("UNCONSENTED", None)


@pytest.fixture
def environment(postgresql_url, monkeypatch):
    """What all processes of a deployment on PostgreSQL have in common."""
    settings = {"DEPUTIZE_STORE": postgresql_url, "DEPUTIZE_KEY": f"{'A' * 43}="}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return settings


@contextmanager
def running(process):
    process.start()
    try:
        yield process
    finally:
        process.stop(kill=True)


def test_of_many_processes_one_makes_the_run_and_one_performs_it(project, environment):
    store = environment["DEPUTIZE_STORE"]
    server = Served(project, "--concurrency", "0", environment=environment)
    with ExitStack() as processes:
        processes.enter_context(running(server))
        asyncio.run(set_passwords(server.data, "dana", store=store))
        names = [f"schedule-{number}" for number in range(5)]
        asyncio.run(put_due(server, names, store=store))
        # Each looks when it starts, and the server at the beginning of a minute.
        for _ in range(2):
            processes.enter_context(running(Working(project, environment=environment)))
        server.run_of("by_url", len(names))
        runs = [server.run(each["id"]) for each in server.runs()]

    assert sorted(each["schedule"]["name"] for each in runs) == names
    assert {each["state"] for each in runs} == {"COMPLETED"}
    assert {each["result"]["initiator"] for each in runs} == {"dana"}


async def put_due(server, names, *, store):
    """Keep schedules that dana has consented to and whose time came at the beginning of the year."""

    async def work(tx):
        [integration] = await tx.integrations.named("by_url")
        dana = await tx.people.by_name("dana")
        for name in names:
            await tx.schedules.put(
                Schedule(
                    id=name,
                    integration_id=integration.id,
                    name=name,
                    cron="0 0 1 1 *",
                    timezone="UTC",
                    subject=dana.id,
                    content_type="application/json",
                    body="{}",
                    created=tx.now,
                    defined_by="operator",
                    consented=tx.now,
                    due=begin_of_year(),
                )
            )

    async with open_deployment(Settings(store=store), folder=server.data, clock=now) as deployment:
        await deployment.database.write(work)
