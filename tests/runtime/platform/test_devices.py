"""Devices of people over a real socket: seen and changed by who may see and change their owners."""

import pytest

pytestmark = pytest.mark.anyio

EMAIL = {
    "owner": "mmcbride",
    "name": "Work Email",
    "deviceType": "EMAIL",
    "emailAddress": "mary@acme.example",
}


@pytest.fixture
async def device(platform):
    """The e-mail device of mmcbride, as dana sees it."""
    answer = await (await platform.as_("dana")).post("/devices", json=EMAIL)
    assert answer.status_code == 201
    return answer.json()


async def test_a_device_is_made_for_its_owner_and_shown_whole(device):
    assert {name: device[name] for name in device if name not in ("id", "links", "owner")} == {
        "targetName": "mmcbride|Work Email",
        "recipientType": "DEVICE",
        "name": "Work Email",
        "deviceType": "EMAIL",
        "emailAddress": "mary@acme.example",
        "sequence": 1,
        "delay": 0,
        "priorityThreshold": "LOW",
        "defaultDevice": True,
        "externallyOwned": False,
        "status": "ACTIVE",
        "testStatus": "UNTESTED",
    }
    assert device["owner"]["targetName"] == "mmcbride"
    assert device["links"] == {"self": f"/api/xm/1/devices/{device['id']}"}


@pytest.mark.parametrize("key", ["mmcbride|Work Email", "mmcbride%7CWork%20Email"])
async def test_a_device_is_found_by_owner_and_name_and_by_id(platform, device, key):
    dana = await platform.as_("dana")

    assert (await dana.get(f"/devices/{key}")).json() == device
    assert (await dana.get(f"/devices/{device['id']}")).json() == device


async def test_the_devices_of_a_person_are_listed_in_the_order_in_which_they_are_tried(platform, device):
    dana = await platform.as_("dana")
    phone = {"owner": {"targetName": "mmcbride"}, "name": "SMS Phone", "deviceType": "TEXT_PHONE"}
    await dana.post("/devices", json={**phone, "phoneNumber": "+1415.555.1212", "sequence": 0})

    page = (await dana.get("/people/mmcbride/devices")).json()

    assert [each["name"] for each in page["data"]] == ["SMS Phone", "Work Email"]
    assert page["data"][0]["phoneNumber"] == "+1415.555.1212"
    assert (await dana.get("/people/dana/devices")).json()["total"] == 0


async def test_a_change_leaves_what_it_does_not_name(platform, device):
    dana = await platform.as_("dana")
    change = {"id": device["id"], "recipientType": "DEVICE", "deviceType": "EMAIL", "sequence": 2, "delay": 5}

    answer = await dana.post("/devices", json=change)

    assert answer.status_code == 200
    assert answer.json() == {**device, "sequence": 2, "delay": 5}


async def test_a_rest_user_makes_and_changes_devices_and_sees_none(platform, device):
    rob = await platform.as_("rob")

    changed = await rob.post("/devices", json={"id": "mmcbride|Work Email", "delay": 1})
    made = await rob.post("/devices", json={**EMAIL, "owner": "gina"})

    assert (changed.status_code, made.status_code) == (200, 201)
    assert set(made.json()) == {"id", "targetName", "recipientType", "links"}
    for path in (f"/devices/{device['id']}", "/people/mmcbride/devices"):
        assert (await rob.get(path)).status_code == 403


async def test_somebody_without_rights_on_the_owner_gets_a_403(platform, device):
    nobody = await platform.as_("nobody")

    answers = [
        await nobody.get(f"/devices/{device['id']}"),
        await nobody.get("/people/mmcbride/devices"),
        await nobody.post("/devices", json=EMAIL),
        await nobody.post("/devices", json={"id": device["id"], "delay": 1}),
        await nobody.delete(f"/devices/{device['id']}"),
    ]

    assert [each.status_code for each in answers] == [403] * 5


async def test_a_device_is_deleted_once_and_a_missing_one_is_no_error(platform, device):
    dana = await platform.as_("dana")

    assert (await dana.delete(f"/devices/{device['id']}")).json() == device
    again = await dana.delete(f"/devices/{device['id']}")
    assert (again.status_code, again.content) == (204, b"")
    assert (await dana.get(f"/devices/{device['id']}")).status_code == 404


async def test_devices_go_with_their_owner(platform, device):
    await (await platform.as_("gina")).delete("/people/mmcbride")

    assert (await (await platform.as_("dana")).get(f"/devices/{device['id']}")).status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ({"name": "x", "deviceType": "EMAIL"}, 400, "Missing required field: owner."),
        ({"owner": "ghost"}, 404, "There is no person with the id or name ghost."),
        ({"owner": "dana", "deviceType": "EMAIL"}, 400, "Missing required field: name."),
        ({"owner": "dana", "name": "x"}, 400, "Missing required field: deviceType."),
        ({"owner": "dana", "name": "x", "deviceType": "EMAIL"}, 400, "Missing required field: emailAddress."),
        ({"owner": "dana", "name": "x", "deviceType": "VOICE"}, 400, "Missing required field: phoneNumber."),
        ({**EMAIL, "emailAddress": "mary"}, 400, None),
        ({**EMAIL, "deviceType": "PIGEON"}, 400, None),
        ({**EMAIL, "name": "a/b"}, 400, None),
        (
            EMAIL,
            409,
            "mmcbride has a device with the name Work Email already. Choose another name.",
        ),
        (
            {"id": "mmcbride|Work Email", "deviceType": "VOICE"},
            400,
            "The deviceType field contains an invalid value: VOICE. It must be that of the device, EMAIL.",
        ),
        ({"id": "mmcbride|Home"}, 404, "There is no device with the id or name mmcbride|Home."),
    ],
)
async def test_a_device_that_cannot_be_is_told_why(platform, device, body, status, message):
    answer = await (await platform.as_("dana")).post("/devices", json=body)

    assert answer.status_code == status
    assert message in (None, answer.json()["message"])


async def test_names_of_devices_are_listed_to_anybody_and_name_nobody(platform, device):
    dana, nobody = await platform.as_("dana"), await platform.as_("nobody")
    await dana.post("/devices", json={**EMAIL, "name": "Yacht", "emailAddress": "mary@sea.example"})

    page = (await nobody.get("/device-names")).json()

    assert {(each["name"], each["deviceType"]) for each in page["data"]} >= {
        ("Work Email", "EMAIL"),
        ("SMS Phone", "TEXT_PHONE"),
        ("Yacht", "EMAIL"),
    }
    assert "mmcbride" not in str(page)


async def test_there_is_one_site_and_everybody_is_there(platform):
    nobody = await platform.as_("nobody")

    [site] = (await nobody.get("/sites")).json()["data"]

    assert site["name"] == "Default Site"
    assert (await nobody.get("/people/nobody")).json()["site"] == site
