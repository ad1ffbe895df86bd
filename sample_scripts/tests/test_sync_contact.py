"""A Salesforce contact becomes a person, or the run says what stood in the way."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import httpx
import pytest

API = "/api/xm/1"
PERSON = f"{API}/people/0035e00000AbCdE"
GROUP = f"{API}/groups/Field Service"
TRIGGER = r"/triggers$"
MEMBERS = {"count": 1, "data": [{"member": {"id": "somebody else"}}], "links": {}}


@pytest.fixture
def platform(deputize_mock):
    return deputize_mock.endpoint("platform")


@pytest.fixture
def devices(platform):
    """No device is known, and each can be made."""
    platform.get(path__startswith=f"{API}/devices/").respond(404)
    return platform.post(f"{API}/devices").respond(201, json={"id": "d1"})


@pytest.fixture
def group(platform):
    """The group is known and has a member; returns what is put into it and into its shift."""
    platform.get(GROUP).respond(json={"id": "g1", "targetName": "Field Service"})
    platform.get(f"{GROUP}/members").respond(json=MEMBERS)
    return [
        platform.post(f"{GROUP}/members").respond(json={}),
        platform.post(f"{GROUP}/shifts/Default Shift/members").respond(json={}),
    ]


@pytest.fixture
def form(platform):
    return platform.post(path__regex=TRIGGER).respond(202, json={"requestId": "r1"})


@pytest.fixture
def new_person(platform):
    """Nobody has the contact's id, and a person can be made."""
    platform.get(PERSON).respond(404)
    return platform.post(f"{API}/people").respond(201, json={"id": "p1", "targetName": "0035e00000AbCdE"})


def test_a_new_contact_becomes_a_person(
    deputize_run, deputize_sample, new_person, devices, group, form, bodies
):
    done = deputize_run("sync_contact", payload=deputize_sample("sync_contact"))

    assert done.result == {"person": "p1", "type": "Create New"}
    assert bodies(new_person) == [
        {
            "targetName": "0035e00000AbCdE",
            "firstName": "Ana",
            "lastName": "Ruiz",
            "webLogin": "aruiz@example.com",
            "recipientType": "PERSON",
            "language": "en",
            "timezone": "US/Pacific",
            "status": "ACTIVE",
            "roles": ["Standard User"],
        }
    ]


def test_a_known_contact_is_changed(deputize_run, deputize_sample, platform, devices, group, form, bodies):
    platform.get(PERSON).respond(json={"id": "p1"})
    change = platform.post(f"{API}/people").respond(200, json={"id": "p1", "targetName": "0035e00000AbCdE"})

    done = deputize_run("sync_contact", payload=deputize_sample("sync_contact"))

    assert done.result == {"person": "p1", "type": "Update"}
    assert bodies(change)[0]["id"] == "p1"


@pytest.mark.parametrize("status", [401, 403, 500])
def test_a_person_who_cannot_be_read_is_not_taken_for_absent(
    deputize_run, deputize_sample, platform, calls, status
):
    platform.get(PERSON).respond(status)

    done = deputize_run("sync_contact", payload=deputize_sample("sync_contact"), as_user="rob")

    assert done.state == "FAILED"
    assert [each.partition(" ")[0] for each in calls(done)] == ["GET"]


def test_a_person_who_may_not_be_made_ends_the_run(deputize_run, deputize_sample, platform, refused, calls):
    platform.get(PERSON).respond(404)
    platform.post(f"{API}/people").respond(**refused)

    done = deputize_run("sync_contact", payload=deputize_sample("sync_contact"), as_user="rob")

    assert done.error.type == "HttpError"
    assert [each.partition(" ")[0] for each in calls(done)] == ["GET", "POST"]


def test_new_devices_belong_to_the_person(
    deputize_run, deputize_sample, new_person, devices, group, form, bodies
):
    deputize_run("sync_contact", payload=deputize_sample("sync_contact"))

    assert bodies(devices) == [
        {
            "recipientType": "DEVICE",
            "name": "Work Email",
            "delay": 0,
            "deviceType": "EMAIL",
            "sequence": 1,
            "emailAddress": "aruiz@example.com",
            "owner": "p1",
        },
        {
            "recipientType": "DEVICE",
            "name": "SMS Phone",
            "delay": 0,
            "deviceType": "TEXT_PHONE",
            "sequence": 2,
            "phoneNumber": "+15550102000",
            "owner": "p1",
        },
        {
            "recipientType": "DEVICE",
            "name": "Home Phone",
            "delay": 0,
            "deviceType": "VOICE",
            "sequence": 3,
            "phoneNumber": "+34910123456",
            "owner": "p1",
        },
    ]


def test_a_known_device_is_changed(deputize_run, deputize_sample, platform, new_person, group, form, bodies):
    read = platform.get(f"{API}/devices/0035e00000AbCdE|Work Email").respond(json={"id": "d1"})
    change = platform.post(f"{API}/devices").respond(json={"id": "d1"})

    deputize_run("sync_contact", payload=deputize_sample("sync_contact", MobilePhone="", HomePhone="null"))

    assert read.called
    assert [(each["id"], "owner" in each) for each in bodies(change)] == [("d1", False)]


def test_a_device_that_cannot_be_read_is_not_taken_for_absent(
    deputize_run, deputize_sample, platform, new_person, refused
):
    platform.get(f"{API}/devices/0035e00000AbCdE|Work Email").respond(**refused)

    done = deputize_run("sync_contact", payload=deputize_sample("sync_contact"), as_user="rob")

    assert done.state == "FAILED"


def test_a_device_that_is_refused_ends_the_run(deputize_run, deputize_sample, platform, new_person, refused):
    platform.get(f"{API}/devices/0035e00000AbCdE|Work Email").respond(404)
    platform.post(f"{API}/devices").respond(**refused)

    done = deputize_run("sync_contact", payload=deputize_sample("sync_contact"), as_user="rob")

    assert done.state == "FAILED"


@pytest.mark.parametrize("nothing", ["", "null", None])
def test_fields_without_a_value_make_no_device(
    deputize_run, deputize_sample, new_person, group, form, calls, nothing
):
    done = deputize_run(
        "sync_contact",
        payload=deputize_sample("sync_contact", Email=nothing, MobilePhone=nothing, HomePhone=nothing),
    )

    assert done.state == "COMPLETED"
    assert not [each for each in calls(done) if "devices" in each]


def test_the_person_joins_the_group_and_its_shift(
    deputize_run, deputize_sample, new_person, devices, group, form, bodies
):
    deputize_run("sync_contact", payload=deputize_sample("sync_contact"))

    member = {"id": "p1", "recipientType": "PERSON"}
    assert [bodies(route) for route in group] == [[member], [{"inRotation": True, "recipient": member}]]


def test_who_is_in_the_group_does_not_join_again(
    deputize_run, deputize_sample, platform, new_person, devices, form
):
    platform.get(GROUP).respond(json={"id": "g1"})
    platform.get(f"{GROUP}/members").mock(
        side_effect=[
            httpx.Response(
                200, json=MEMBERS | {"links": {"next": f"{API}/groups/Field%20Service/members?offset=1"}}
            ),
            httpx.Response(200, json={"data": [{"member": {"id": "p1"}}]}),
        ]
    )

    assert deputize_run("sync_contact", payload=deputize_sample("sync_contact")).state == "COMPLETED"


def test_a_group_that_is_not_there_is_made(
    deputize_run, deputize_sample, platform, new_person, devices, form, bodies
):
    platform.get(GROUP).respond(404)
    made = platform.post(f"{API}/groups").respond(201, json={"id": "g1"})
    platform.get(f"{GROUP}/members").respond(json={"data": []})
    platform.post(path__regex=r"/members$").respond(json={})

    deputize_run("sync_contact", payload=deputize_sample("sync_contact"))

    assert bodies(made)[0]["targetName"] == "Field Service"


def test_a_group_that_cannot_be_read_is_not_taken_for_absent(
    deputize_run, deputize_sample, platform, new_person, devices, refused
):
    platform.get(GROUP).respond(**refused)

    assert (
        deputize_run("sync_contact", payload=deputize_sample("sync_contact"), as_user="rob").state == "FAILED"
    )


def test_a_group_that_does_not_take_the_person_ends_the_run(
    deputize_run, deputize_sample, platform, new_person, devices, refused
):
    platform.get(GROUP).respond(json={"id": "g1"})
    platform.get(f"{GROUP}/members").respond(json=MEMBERS)
    platform.post(f"{GROUP}/members").respond(**refused)

    assert (
        deputize_run("sync_contact", payload=deputize_sample("sync_contact"), as_user="rob").state == "FAILED"
    )


def test_the_form_says_what_was_done_and_when(
    deputize_run, deputize_sample, deputize_clock, new_person, devices, group, form, bodies
):
    contact = deputize_sample("sync_contact")

    deputize_run("sync_contact", payload=contact)

    properties = bodies(form)[0]["properties"]
    time = properties.pop("time")
    assert properties == contact | {"Type": "Create New"}
    assert re.fullmatch(r"[A-Z][a-z]+ \d\d(st|nd|rd|th) \d{4}, \d\d:\d\d:\d\d (am|pm)", time)
    plain = re.sub(r"(?<=\d)(st|nd|rd|th)", "", time)
    said = datetime.strptime(plain, "%B %d %Y, %I:%M:%S %p").replace(tzinfo=ZoneInfo("US/Pacific"))
    assert said == deputize_clock.now


def test_a_form_that_is_refused_fails_the_run(
    deputize_run, deputize_sample, platform, new_person, devices, group, refused
):
    platform.post(path__regex=TRIGGER).respond(**refused)

    done = deputize_run("sync_contact", payload=deputize_sample("sync_contact"), as_user="rob")

    assert done.state == "FAILED"


def test_on_the_platform_a_contact_is_made_once_and_then_changed(deputize_run, deputize_sample):
    changed = deputize_sample("sync_contact", LastName="Ruiz Soler", MobilePhone="+1 (555) 010-2001")

    made = deputize_run("sync_contact", sample="sync_contact")
    again = deputize_run("sync_contact", payload=changed)
    listed = deputize_run("list_people", payload={})

    assert [made.result["type"], again.result["type"]] == ["Create New", "Update"]
    assert made.result["person"] == again.result["person"]
    assert listed.result["people"].count("0035e00000AbCdE") == 1


def test_on_the_platform_one_who_may_not_see_the_person_changes_nothing(deputize_run, calls):
    made, tried = (
        deputize_run("sync_contact", sample="sync_contact", as_user=user) for user in ("dana", "rob")
    )

    assert made.state == "COMPLETED"
    assert tried.state == "FAILED"
    assert len(tried.refusals) == 1
    assert calls(tried) == ["GET api/xm/1/people/0035e00000AbCdE"]
