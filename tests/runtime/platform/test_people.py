"""People of the embedded platform over a real socket, judged for whoever asks."""

import pytest

pytestmark = pytest.mark.anyio

FORBIDDEN = {
    "code": 403,
    "reason": "Forbidden",
    "message": "User does not have the permission to access this service/functionality.",
    "subcode": "UNAUTHORIZED_ACCESS_ERROR",
    "arguments": [],
}


async def test_a_supervisor_reads_a_person(platform):
    answer = await (await platform.as_("dana")).get("/people/mmcbride")

    body = answer.json()
    assert answer.status_code == 200
    assert {key: body[key] for key in ("targetName", "recipientType", "firstName", "lastName", "status")} == {
        "targetName": "mmcbride",
        "recipientType": "PERSON",
        "firstName": "Mary",
        "lastName": "McBride",
        "status": "ACTIVE",
    }
    assert body["links"] == {"self": f"/api/xm/1/people/{body['id']}"}
    assert "roles" not in body


async def test_a_person_is_found_by_id_too_and_its_roles_are_embedded_on_request(platform):
    dana = await platform.as_("dana")
    by_name = (await dana.get("/people/mmcbride")).json()

    by_id = (await dana.get(f"/people/{by_name['id']}?embed=roles")).json()

    assert by_id["id"] == by_name["id"]
    assert [role["name"] for role in by_id["roles"]["data"]] == ["Standard User"]


async def test_somebody_without_the_right_gets_a_403_with_a_trace(platform):
    answer = await (await platform.as_("rob")).get("/people/mmcbride")

    assert answer.status_code == 403
    assert answer.json() == FORBIDDEN
    assert len(answer.headers["x-trace"]) == 36


async def test_everybody_may_read_themselves(platform):
    assert (await (await platform.as_("nobody")).get("/people/nobody")).status_code == 200


async def test_an_unknown_person_is_a_404_for_everybody(platform):
    answer = await (await platform.as_("rob")).get("/people/ghost")

    assert answer.status_code == 404
    assert answer.json() == {
        "code": 404,
        "reason": "Not Found",
        "message": "There is no person with the id or name ghost.",
        "subcode": "person.not_found",
        "arguments": ["ghost"],
    }


@pytest.mark.parametrize(
    ("user", "seen"),
    [
        ("dana", ["dana", "gina", "mmcbride", "nobody", "rob"]),
        ("rob", ["rob"]),
        ("nobody", ["nobody"]),
    ],
)
async def test_a_list_holds_whom_one_may_see_and_counts_nobody_else(platform, user, seen):
    page = (await (await platform.as_(user)).get("/people")).json()

    assert [each["targetName"] for each in page["data"]] == seen
    assert (page["count"], page["total"]) == (len(seen), len(seen))
    assert page["links"] == {"self": "/api/xm/1/people?offset=0&limit=100"}


async def test_pages_are_linked_by_relative_paths_that_keep_the_question(platform):
    dana = await platform.as_("dana")
    first = (await dana.get("/people?limit=2&embed=roles")).json()
    second = (await dana.get(first["links"]["next"].removeprefix("/api/xm/1"))).json()
    last = (await dana.get(second["links"]["next"].removeprefix("/api/xm/1"))).json()

    assert first["links"] == {
        "self": "/api/xm/1/people?embed=roles&offset=0&limit=2",
        "next": "/api/xm/1/people?embed=roles&offset=2&limit=2",
    }
    assert last["links"] == {
        "self": "/api/xm/1/people?embed=roles&offset=4&limit=2",
        "previous": "/api/xm/1/people?embed=roles&offset=2&limit=2",
    }
    names = [each["targetName"] for page in (first, second, last) for each in page["data"]]
    assert names == ["dana", "gina", "mmcbride", "nobody", "rob"]
    assert all("roles" in each for each in first["data"])


async def test_search_looks_at_all_names_and_only_at_whom_one_may_see(platform):
    async def found(user, text):
        page = (await (await platform.as_(user)).get("/people", params={"search": text})).json()
        return [each["targetName"] for each in page["data"]], page["total"]

    assert await found("dana", "mCbRi") == (["mmcbride"], 1)
    assert await found("dana", "ito dana") == (["dana"], 1)
    assert await found("rob", "mcbride") == ([], 0)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            "limit=0",
            "The limit field contains an invalid value: 0. It must be a whole number from 1 to 1000.",
        ),
        ("limit=1001", None),
        ("limit=ten", None),
        ("limit=%D9%A3", None),
        ("offset=-1", None),
        ("offset=99999999999999999999999", None),
        (
            "embed=roles,devices",
            "The embed field contains an invalid value: devices. Valid values include: roles, supervisors.",
        ),
    ],
)
async def test_a_question_that_makes_no_sense_is_a_400(platform, query, message):
    answer = await (await platform.as_("dana")).get(f"/people?{query}")

    assert answer.status_code == 400
    assert message in (None, answer.json()["message"])
    assert answer.json()["subcode"].startswith("validation.common.field.invalid")


async def test_a_rest_user_changes_everybody_and_does_not_get_to_read_them_by_it(platform):
    rob, dana = await platform.as_("rob"), await platform.as_("dana")

    answer = await rob.post("/people", json={"id": "mmcbride", "firstName": "Maria"})

    assert answer.status_code == 200
    assert set(answer.json()) == {"id", "targetName", "recipientType", "links"}
    assert (await rob.get("/people/mmcbride")).status_code == 403
    read = (await dana.get("/people/mmcbride")).json()
    assert (read["firstName"], read["lastName"]) == ("Maria", "McBride")


async def test_a_rest_user_creates_people_and_gives_nobody_a_role(platform):
    rob = await platform.as_("rob")

    created = await rob.post("/people", json={"targetName": "eve"})
    with_role = await rob.post("/people", json={"targetName": "mallory", "roles": ["Company Supervisor"]})
    himself = await rob.post("/people", json={"id": "rob", "roles": ["Company Supervisor"]})

    assert (created.status_code, with_role.status_code, himself.status_code) == (201, 403, 403)
    assert (await rob.get("/people/mmcbride")).status_code == 403
    assert (await (await platform.as_("dana")).get("/people/mallory")).status_code == 404


async def test_who_has_edit_and_assign_creates_a_person_with_roles(platform):
    gina = await platform.as_("gina")
    roles = (await gina.get("/roles")).json()["data"]
    supervisor = next(role for role in roles if role["name"] == "Company Supervisor")

    answer = await gina.post(
        "/people",
        json={"targetName": "eve", "firstName": "Eve", "roles": ["Standard User", {"id": supervisor["id"]}]},
    )

    assert answer.status_code == 201
    assert answer.json()["firstName"] == "Eve"
    assert (await (await platform.as_("eve")).get("/people/mmcbride")).status_code == 200


async def test_who_may_edit_may_not_hand_out_roles(platform):
    dana = await platform.as_("dana")

    change = await dana.post("/people", json={"id": "mmcbride", "roles": ["Full Access User"]})
    same = await dana.post("/people", json={"id": "mmcbride", "roles": ["Standard User"]})

    assert (change.status_code, same.status_code) == (403, 200)


async def test_a_role_that_is_taken_away_is_missed_by_the_next_request(platform):
    dana, gina = await platform.as_("dana"), await platform.as_("gina")
    assert (await dana.get("/people/mmcbride")).status_code == 200

    await gina.post("/people", json={"id": "dana", "roles": []})

    assert (await dana.get("/people/mmcbride")).status_code == 403


async def test_deleting_takes_the_right_and_ends_every_token_of_the_deleted(platform):
    gina, rob, dana = [await platform.as_(name) for name in ("gina", "rob", "dana")]

    assert (await dana.delete("/people/rob")).status_code == 403
    deleted = await gina.delete("/people/rob")

    assert deleted.status_code == 200
    assert deleted.json()["targetName"] == "rob"
    assert (await rob.get("/people/rob")).status_code == 401
    assert (await gina.get("/people/rob")).status_code == 404


async def test_who_takes_the_name_of_a_deleted_person_inherits_nothing(platform):
    gina, old = await platform.as_("gina"), await platform.as_("rob")
    source = await platform.source("rob")
    await gina.delete("/people/rob")

    await gina.post("/people", json={"targetName": "rob", "roles": ["Full Access User"]})

    assert (await old.get("/people/rob")).status_code == 401
    assert (
        await source.credential(platform.endpoint)
    ).reason == '"rob" is not known to the platform; nothing was sent.'
    new = platform.client({"Authorization": f"Bearer {await platform.token('rob', 'run-2')}"})
    async with new:
        assert (await new.post("/events/12623005/annotations", json={"comment": "mine"})).status_code == 201
        assert (await gina.get("/events/12623005")).json()["submitter"]["id"] != (
            await new.get("/people/rob")
        ).json()["id"]


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ({}, 400, "Missing required field: targetName."),
        ({"targetName": ""}, 400, None),
        ({"targetName": "a/b"}, 400, None),
        ({"targetName": "a\nb"}, 400, None),
        (
            {"targetName": 7},
            400,
            "The targetName field contains an invalid value: 7. It must be a valid string.",
        ),
        (
            {"targetName": "x", "status": "GONE"},
            400,
            "The status field contains an invalid value: GONE. Valid values include: ACTIVE, INACTIVE.",
        ),
        ({"targetName": "rob"}, 409, "The name rob is taken. Choose another targetName."),
        ({"id": "mmcbride", "targetName": "rob"}, 409, "The name rob is taken. Choose another targetName."),
        ({"id": "ghost"}, 404, "There is no person with the id or name ghost."),
        (
            {"targetName": "x", "roles": ["Boss"]},
            400,
            "The roles field contains an invalid value: Boss. Valid values include: "
            "Company Supervisor, Full Access User, REST Web Service User, Standard User.",
        ),
        ([], 400, "The body must be one JSON object."),
    ],
)
async def test_a_person_that_cannot_be_is_told_why(platform, body, status, message):
    answer = await (await platform.as_("gina")).post("/people", json=body)

    assert answer.status_code == status
    assert answer.json()["code"] == status
    assert message in (None, answer.json()["message"])


async def test_fields_that_are_not_the_callers_to_set_have_no_effect(platform):
    gina = await platform.as_("gina")

    answer = await gina.post(
        "/people", json={"targetName": "eve", "recipientType": "GROUP", "initiator": "dana", "user": "dana"}
    )

    assert answer.json()["recipientType"] == "PERSON"
    assert "initiator" not in answer.json()


async def test_who_may_only_edit_people_can_vouch_for_nobody_elses_name_and_address(platform):
    async def vouched(name):
        return await platform.database.read(lambda tx: tx.people.by_name(name))

    async def change(by, **fields):
        mary = (await (await platform.as_("dana")).get("/people/mmcbride")).json()["id"]
        answer = await (await platform.as_(by)).post("/people", json={"id": mary, **fields})
        assert answer.status_code == 200
        return (await vouched("mmcbride")).vouched

    assert await change("rob", lastName="Else")
    assert not await change("rob", email="rob@elsewhere.example")
    assert not await change("dana", lastName="McBride")
    assert await change("dana", email="mary@example.org")
    assert not await change("rob", email="rob@elsewhere.example")
