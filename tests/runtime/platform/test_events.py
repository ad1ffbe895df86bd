"""Events and annotations of the embedded platform over a real socket."""

import pytest

pytestmark = pytest.mark.anyio


async def test_an_event_is_read_by_number_and_by_id(platform):
    rob = await platform.as_("rob")
    by_number = (await rob.get("/events/12623005")).json()
    by_id = (await rob.get(f"/events/{by_number['id']}")).json()

    assert by_id == by_number
    assert by_number["eventId"] == "12623005"
    assert by_number["status"] == "ACTIVE"
    assert by_number["created"] == "2018-04-17T20:02:47.476+0000"
    assert by_number["submitter"]["targetName"] == "rob"
    assert by_number["form"] == {"name": "alert"}
    assert not {"properties", "annotations", "recipients"} & set(by_number)


async def test_what_is_embedded_is_there(platform):
    rob = await platform.as_("rob")
    await rob.post("/events/12623005/annotations", json={"comment": "on it"})

    event = (await rob.get("/events/12623005?embed=properties,annotations,recipients")).json()

    assert event["properties"] == {"number#en": "INC0010001", "Tags": ["a", "b"], "urgent": True}
    assert [each["comment"] for each in event["annotations"]["data"]] == ["on it"]
    assert [each["targetName"] for each in event["recipients"]["data"]] == ["mmcbride"]


@pytest.mark.parametrize(
    ("user", "numbers"), [("dana", ["12623006", "12623005"]), ("rob", ["12623005"]), ("nobody", [])]
)
async def test_a_list_holds_the_events_that_one_may_use(platform, user, numbers):
    page = (await (await platform.as_(user)).get("/events")).json()

    assert [each["eventId"] for each in page["data"]] == numbers
    assert page["total"] == len(numbers)


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("status=ACTIVE", ["12623005"]),
        ("status=ACTIVE,SUSPENDED", ["12623006", "12623005"]),
        ("status=TERMINATED", []),
        ("propertyName=number&propertyValue=INC0010001", ["12623005"]),
        ("propertyName=number,Tags,urgent&propertyValue=INC0010001,b,true", ["12623005"]),
        ("propertyName=number,Tags&propertyValue=INC0010001,c", []),
        ("propertyName=constructor&propertyValue=x", []),
        ("propertyName=number%23en&propertyValue=INC0010001", ["12623005"]),
        ("propertyName=number%23en,Tags&propertyValue=INC0010001,b", ["12623005"]),
        ("status=ACTIVE&embed=properties&propertyName=number%23en&propertyValue=INC", []),
        ("form=alert", ["12623005"]),
        ("form=other", []),
        ("priority=MEDIUM", ["12623006", "12623005"]),
        ("priority=HIGH,LOW", []),
        ("from=2018-04-17T20:02:47.476Z", ["12623006", "12623005"]),
        ("from=2018-04-17T22:02:47.476%2B02:00", ["12623006", "12623005"]),
        ("from=2018-04-17T22:02:47.476+02:00", ["12623006", "12623005"]),
        ("from=2018-04-17T20:02:47.477Z", []),
        ("to=2018-04-17T20:02:47.476Z", []),
        ("to=2018-04-18", ["12623006", "12623005"]),
        ("requestId=unknown", []),
        ("sortBy=START_TIME&sortOrder=ASCENDING", ["12623005", "12623006"]),
        ("sortBy=PRIORITY", ["12623006", "12623005"]),
    ],
)
async def test_events_are_filtered(platform, query, numbers):
    page = (await (await platform.as_("dana")).get(f"/events?{query}")).json()

    assert [each["eventId"] for each in page["data"]] == numbers


@pytest.mark.parametrize(
    "query",
    [
        "status=OPEN",
        "priority=URGENT",
        "propertyName=a,b&propertyValue=x",
        "propertyName=a",
        "limit=x",
        "from=yesterday",
        "to=2018-13-01T00:00:00Z",
        "sortBy=COLOUR",
        "sortOrder=UP",
        "embed=everything",
        "embed=recipients&targeted=maybe",
    ],
)
async def test_a_filter_that_makes_no_sense_is_a_400(platform, query):
    assert (await (await platform.as_("dana")).get(f"/events?{query}")).status_code == 400


@pytest.mark.parametrize(
    ("user", "status"), [("rob", 200), ("dana", 200), ("mmcbride", 403), ("nobody", 403)]
)
async def test_the_submitter_and_who_has_the_function_use_an_event_and_nobody_else_does(
    platform, user, status
):
    client = await platform.as_(user)

    answers = [
        await client.get("/events/12623005"),
        await client.get("/events/12623005/annotations"),
        await client.post("/events", json={"id": "12623005", "status": "SUSPENDED"}),
    ]

    assert [each.status_code for each in answers] == [status] * 3
    comment = await client.post("/events/12623005/annotations", json={"comment": "x"})
    assert comment.status_code == (201 if status == 200 else 403)


async def test_an_unknown_event_is_a_404_wherever_it_is_named(platform):
    rob = await platform.as_("rob")

    answers = [
        await rob.get("/events/1"),
        await rob.get("/events/1/annotations"),
        await rob.post("/events/1/annotations", json={"comment": "x"}),
        await rob.post("/events", json={"id": "1", "status": "ACTIVE"}),
    ]

    assert [each.status_code for each in answers] == [404] * 4


async def test_a_terminated_event_stays_terminated(platform):
    rob = await platform.as_("rob")
    final = "Event 12623005 is TERMINATED, which is final; it cannot become ACTIVE."

    async def set_status(status):
        return await rob.post("/events", json={"id": "12623005", "status": status})

    assert (await set_status("SUSPENDED")).json()["status"] == "SUSPENDED"
    assert (await set_status("ACTIVE")).json()["status"] == "ACTIVE"
    assert (await set_status("TERMINATED")).json()["status"] == "TERMINATED"
    assert (await set_status("TERMINATED")).status_code == 200
    again = await set_status("ACTIVE")
    assert again.status_code == 409
    assert again.json()["message"] == final


async def test_an_annotation_is_by_whoever_asks_whatever_the_body_says(platform):
    rob = await platform.as_("rob")
    platform.clock.forward(seconds=2)

    answer = await rob.post("/events/12623005/annotations", json={"comment": "on it", "author": "dana"})

    body = answer.json()
    assert answer.status_code == 201
    assert body["author"]["targetName"] == "rob"
    assert (body["comment"], body["created"]) == ("on it", "2018-04-17T20:02:49.476Z")
    page = (await rob.get("/events/12623005/annotations")).json()
    assert page["data"] == [body]
    assert page["total"] == 1


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"id": "12623005"}, "Missing required field: status."),
        ({"status": "ACTIVE"}, "Missing required field: id."),
        (
            {"id": "12623005", "status": "terminated"},
            "The status field contains an invalid value: terminated. "
            "Valid values include: ACTIVE, SUSPENDED, TERMINATED.",
        ),
    ],
)
async def test_a_change_that_cannot_be_is_told_why(platform, body, message):
    answer = await (await platform.as_("rob")).post("/events", json=body)

    assert answer.status_code == 400
    assert answer.json()["message"] == message


async def test_nothing_that_is_not_asked_for_is_embedded_and_messages_are_nobodys(platform):
    rob = await platform.as_("rob")

    event = (await rob.get("/events/12623005?embed=messages,responseOptions")).json()

    assert (event["messages"]["data"], event["responseOptions"]["data"]) == ([], [])
    assert not {"properties", "annotations", "recipients"} & set(event)


async def test_a_comment_is_read_by_its_id(platform):
    rob = await platform.as_("rob")
    comment = (await rob.post("/events/12623005/annotations", json={"comment": "on it"})).json()

    assert (await rob.get(f"/events/12623005/annotations/{comment['id']}")).json() == comment
    assert (await rob.get("/events/12623005/annotations/none")).status_code == 404
    assert (
        await (await platform.as_("mmcbride")).get(f"/events/12623005/annotations/{comment['id']}")
    ).status_code == 403


async def test_pages_of_annotations_are_followed_to_the_end(platform):
    rob = await platform.as_("rob")
    for number in range(5):
        await rob.post("/events/12623005/annotations", json={"comment": str(number)})
    path, seen = "/api/xm/1/events/12623005/annotations?limit=2", []
    while path:
        page = (await rob.get(path.removeprefix("/api/xm/1"))).json()
        seen += [each["comment"] for each in page["data"]]
        path = page["links"].get("next")

    assert seen == ["0", "1", "2", "3", "4"]


async def test_a_search_for_many_pages_keeps_its_question(platform):
    dana = await platform.as_("dana")

    page = (await dana.get("/events?status=ACTIVE,SUSPENDED&propertyName=&propertyValue=&limit=1")).json()

    assert page["total"] == 0
    page = (await dana.get("/events?status=ACTIVE,SUSPENDED&limit=1")).json()
    assert page["links"]["next"] == "/api/xm/1/events?status=ACTIVE%2CSUSPENDED&offset=1&limit=1"
