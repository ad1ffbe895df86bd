"""``deputize schedule``: defined, shown, paused and deleted on the data of a server, and never consented to."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from deputize.clock import now
from deputize.deployment import open_deployment, remember_address
from deputize.settings import Settings

GRAFANA = ("--integration", "grafana", "--name", "nightly", "--as", "dana")
NIGHTLY = (*GRAFANA, "--cron", "30 2 * * mon-fri", "--timezone", "Europe/Vienna")


@pytest.fixture
def nightly(deployed):
    """A schedule of ``grafana`` that runs as dana."""
    return deployed("schedule", "create", *NIGHTLY, "--json").json


def schedules(deployed, *options):
    return deployed("schedule", "list", "--json", *options).json["data"]


def consented(folder, schedule):
    """Keep the consent of the user, who gives it over HTTP."""

    async def change(tx):
        kept = replace(await tx.schedules.get(schedule["id"]), consented=tx.now)
        await tx.schedules.put(replace(kept, due=kept.next_due(tx.now)))

    async def work():
        async with open_deployment(Settings(), folder=folder / ".deputize", clock=now) as deployment:
            await deployment.database.write(change)

    asyncio.run(work())


def test_a_schedule_is_defined_and_does_nothing(nightly):
    upcoming = nightly.pop("upcoming")

    assert {
        name: nightly[name] for name in ("name", "integration", "plan", "user", "state", "defined_by")
    } == {
        "name": "nightly",
        "integration": "grafana",
        "plan": "incidents",
        "user": "dana",
        "state": "UNCONSENTED",
        "defined_by": "operator",
    }
    assert (nightly["cron"], nightly["timezone"]) == ("30 2 * * mon-fri", "Europe/Vienna")
    assert (nightly["content_type"], nightly["body"]) == ("application/json", "{}")
    assert (nightly["due"], nightly["consented"], nightly["last_run_id"]) == (None, None, None)
    assert len(upcoming) == 5


def test_a_person_is_shown_when_it_comes_and_told_how_the_user_consents(deployed):
    remember_address(deployed.folder / ".deputize", "https://hooks.example")

    ended = deployed("schedule", "create", *NIGHTLY, "--plain")

    (kept,) = schedules(deployed)
    head, upcoming = ended.out.split("\n\n")
    assert dict(
        line.split(None, 1) for line in head.splitlines() if line[:5] in ("cron ", "body ", "state")
    ) == {
        "cron": "30 2 * * mon-fri",
        "body": "{}",
        "state": "not consented",
    }
    title, *lines = upcoming.splitlines()
    assert title == "Would be due next"
    assert len(lines) == 5
    for line in lines:
        _day, date, time, offset, utc_date, utc_time = line.split()
        local = datetime.strptime(f"{date} {time} {offset}", "%Y-%m-%d %H:%M %z")
        assert local == datetime.fromisoformat(f"{utc_date} {utc_time}")
        assert (local.isoweekday() < 6, f"{local:%H:%M}" in ("02:30", "03:00")) == (True, True)
    assert ended.err == (
        "It does nothing until dana consents: "
        f"deputize schedule consent https://hooks.example/schedules/{kept['id']} --user dana\n"
    )


def test_the_script_is_given_what_stands_in_a_file(deployed):
    (deployed.folder / "note.txt").write_text("a note\n", encoding="utf-8")
    path = str(deployed.folder / "note.txt")

    created = deployed(
        "schedule", "create", *NIGHTLY, "--payload", path, "--content-type", "text/plain", "--json"
    )

    assert (created.json["body"], created.json["content_type"]) == ("a note\n", "text/plain")


def test_schedules_are_listed_and_found_by_name_by_path_and_by_id(deployed, nightly):
    hook = ("--integration", "incidents/hook", "--as", "dana", "--cron", "0 * * * *")
    deployed("schedule", "create", *hook, "--name", "hourly", "--json")

    assert [each["name"] for each in schedules(deployed)] == ["hourly", "nightly"]
    assert [each["name"] for each in schedules(deployed, "--integration", "grafana")] == ["nightly"]
    assert schedules(deployed, "--as", "rob") == []
    for name in ("nightly", "grafana/nightly", "incidents/grafana/nightly", nightly["id"], nightly["id"][:8]):
        assert deployed("schedule", "show", name, "--json").json["id"] == nightly["id"]
    listed = deployed("schedule", "list", "--plain").out.splitlines()
    assert listed[1].split()[:4] == ["hourly", "incidents/hook", "dana", "0"]
    assert listed[1].endswith("not consented")


def test_paused_resumed_withdrawn_and_deleted(deployed, nightly):
    consented(deployed.folder, nightly)
    due = deployed("schedule", "show", "nightly", "--json").json["due"]
    shown_due = datetime.fromisoformat(due).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")

    assert deployed("schedule", "pause", "nightly").out == "The schedule nightly is paused.\n"
    assert deployed("schedule", "resume", "nightly").out == (
        f"The schedule nightly is active, due {shown_due}.\n"
    )
    assert deployed("schedule", "withdraw", "nightly").out == "The schedule nightly is not consented.\n"
    assert (
        deployed("schedule", "delete", "nightly").out == "The schedule nightly is deleted; its runs stay.\n"
    )
    assert deployed("schedule", "list").err == "No schedules.\n"
    acts = deployed("audit", "--target", "schedule:incidents/grafana/nightly", "--json").json["data"]
    assert [each["action"] for each in acts] == [
        "schedule.deleted",
        "schedule.withdrawn",
        "schedule.changed",
        "schedule.changed",
        "schedule.created",
    ]
    assert {each["actor"] for each in acts} == {"operator"}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            (*GRAFANA, "--cron", "0 0 30 2 *"),
            'error[INVALID]: --cron "0 0 30 2 *": It never comes: no month that it names has such a day.\n',
        ),
        (
            (*NIGHTLY, "--timezone", "Europe/Wien"),
            'error[INVALID]: --timezone "Europe/Wien": It is no IANA name of a time zone, such as '
            'Europe/Vienna or UTC. Did you mean "Europe/Vienna"?\n',
        ),
        (
            (*NIGHTLY, "--name", "Nightly"),
            'error[INVALID]: --name "Nightly": A name is 1 to 63 of a-z, 0-9, - and _, and begins and ends '
            "with a letter or digit.\n",
        ),
        (
            (*NIGHTLY, "--as", "gone"),
            'error[INVALID]: --as "gone": There is no active user of this name.\n',
        ),
        (
            (*NIGHTLY, "--as", "dan"),
            'error[UNKNOWN_USER]: there is no user "dan". Did you mean "dana"? Users: dana, gone, rob.\n',
        ),
        (
            (*NIGHTLY, "--payload", "nowhere.json"),
            "error[PAYLOAD_INVALID]: nowhere.json: cannot be read: No such file or directory.\n",
        ),
        (
            (*NIGHTLY, "--integration", "hook"),
            'error[UNKNOWN_INTEGRATION]: more than one integration is named "hook". Name it with its plan: '
            "changes/hook, incidents/hook.\n",
        ),
    ],
    ids=["cron", "zone", "name", "inactive", "user", "payload", "integration"],
)
def test_what_is_wrong_is_told_by_the_option_and_nothing_is_defined(deployed, wrong, message):
    ended = deployed("schedule", "create", *wrong)

    assert (ended.code, ended.out, ended.err) == (2, "", message)
    assert schedules(deployed) == []


def test_a_schedule_that_is_not_there_is_told_with_the_nearest_one(deployed, nightly):
    deployed("schedule", "create", *NIGHTLY, "--integration", "incidents/hook")

    absent = deployed("schedule", "pause", "nightly-report")
    two = deployed("schedule", "pause", "nightly")

    assert (absent.code, absent.err) == (
        2,
        'error[UNKNOWN_SCHEDULE]: there is no schedule "nightly-report". Did you mean "nightly"? Schedules: '
        "nightly.\n",
    )
    assert (two.code, two.err) == (
        2,
        'error[UNKNOWN_SCHEDULE]: more than one schedule is named "nightly". Write it as one of: '
        "incidents/grafana/nightly, incidents/hook/nightly.\n",
    )


def test_what_is_no_address_of_a_schedule_is_refused_before_anybody_is_asked_for_a_password(deployed):
    ended = deployed("schedule", "consent", "https://hooks.example/runs/1", "--user", "dana")

    assert (ended.code, ended.err) == (
        2,
        "error[ADDRESS_INVALID]: https://hooks.example/runs/1: not the address of a schedule. Write "
        "https://HOST/schedules/ID.\n",
    )


def test_what_a_schedule_gives_cannot_act_on_a_terminal(deployed):
    (deployed.folder / "hostile.txt").write_text("\x1b[2J\u202e", encoding="utf-8")
    path = str(deployed.folder / "hostile.txt")
    deployed("schedule", "create", *NIGHTLY, "--payload", path, "--content-type", "text/plain")

    shown = deployed("schedule", "show", "nightly").out

    assert "\\x1b[2J\\u202e" in shown
    assert json.loads(deployed("schedule", "show", "nightly", "--json").out)["body"] == "\x1b[2J\u202e"
