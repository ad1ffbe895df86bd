"""The older API: people by name, events by status and property, and the status of an event by its address."""

import pytest

from deputize_client.refusals import refusal_reason

pytestmark = pytest.mark.anyio


@pytest.fixture
async def older(platform):
    """Return clients of the older API."""
    clients = []

    async def older(name):
        client = platform.client({"Authorization": f"Bearer {await platform.token(name)}"}, api="")
        clients.append(client)
        return client

    yield older
    for each in clients:
        await each.aclose()


async def test_a_person_is_asked_for_by_name(older):
    answer = (await (await older("dana")).get("/reapi/2015-04-01/people?targetName=mmcbride")).json()

    assert (answer["total"], answer["nextRecordsUrl"]) == (1, "")
    [record] = answer["records"]
    assert (record["targetName"], record["firstName"], record["lastName"]) == ("mmcbride", "Mary", "McBride")
    assert (await (await older("dana")).get(record["href"])).json() == record


async def test_somebody_who_may_not_be_seen_is_not_found_in_a_list(older):
    rob = await older("rob")

    for name in ("mmcbride", "ghost"):
        assert (await rob.get(f"/reapi/2015-04-01/people?targetName={name}")).json() == {
            "total": 0,
            "nextRecordsUrl": "",
            "records": [],
        }


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", ["12623006", "12623005"]),
        ("status=ACTIVE", ["12623005"]),
        ("status=ACTIVE&properties%5B%22number%22%5D=INC0010001", ["12623005"]),
        ("properties[number]=INC0010001", ["12623005"]),
        ("properties=number%3DINC0010001", ["12623005"]),
        ("properties%5B%22number%22%5D=INC0010001&properties%5B%22Tags%22%5D=c", []),
    ],
)
async def test_events_are_asked_for_by_status_and_property(older, query, numbers):
    answer = (await (await older("dana")).get(f"/reapi/2015-01-01/events?{query}")).json()

    assert [each["id"] for each in answer["records"]] == numbers
    assert answer["total"] == len(numbers)


async def test_pages_of_events_are_followed_to_the_end(older):
    dana = await older("dana")
    path, seen = "/reapi/2015-01-01/events?limit=1", []
    while path:
        answer = (await dana.get(path)).json()
        seen += [each["id"] for each in answer["records"]]
        path = answer["nextRecordsUrl"]

    assert seen == ["12623006", "12623005"]


async def test_the_address_of_an_event_takes_its_new_status(older):
    rob = await older("rob")
    [record] = (await rob.get("/reapi/2015-01-01/events?status=ACTIVE")).json()["records"]

    changed = await rob.put(record["href"], json={"status": "TERMINATED"})

    assert (changed.status_code, changed.json()["status"]) == (200, "TERMINATED")
    assert (await rob.get(record["href"])).json()["status"] == "TERMINATED"
    assert (await rob.put(record["href"], json={"status": "ACTIVE"})).status_code == 409


@pytest.mark.parametrize(
    ("path", "status", "type_"),
    [
        ("/reapi/2015-01-01/events/12623006", 403, "UNAUTHORIZED_ACCESS_ERROR"),
        ("/reapi/2015-04-01/people/mmcbride", 403, "UNAUTHORIZED_ACCESS_ERROR"),
        ("/reapi/2015-01-01/events/1", 404, "RESOURCE_NOT_FOUND_ERROR"),
        ("/reapi/2015-01-01/events?status=OPEN", 400, "DATA_VALIDATION_ERROR"),
        ("/reapi/2015-01-01/events?properties=number", 400, "DATA_VALIDATION_ERROR"),
        ("/reapi/2015-01-01/nothing", 404, "RESOURCE_NOT_FOUND_ERROR"),
    ],
)
async def test_what_goes_wrong_is_told_by_type_and_message(older, path, status, type_):
    answer = await (await older("rob")).get(path)

    assert answer.status_code == status
    assert answer.json()["type"] == type_
    assert answer.json()["message"]
    assert "x-trace" in answer.headers


async def test_refusals_of_both_generations_read_the_same_to_the_client_of_scripts(older):
    rob = await older("rob")

    reasons = {
        refusal_reason(answer.status_code, answer.content)
        for answer in (
            await rob.get("/reapi/2015-04-01/people/mmcbride"),
            await rob.get("/api/xm/1/people/mmcbride"),
        )
    }

    assert reasons == {
        "UNAUTHORIZED_ACCESS_ERROR: User does not have the permission to access this service/functionality."
    }
