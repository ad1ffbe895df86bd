"""Groups, their members and their shifts over a real socket."""

import pytest

pytestmark = pytest.mark.anyio

NIGHT = {
    "name": "Night",
    "start": "2018-04-16T22:00:00Z",
    "end": "2018-04-17T06:00:00Z",
    "timezone": "UTC",
    "recurrence": {
        "frequency": "WEEKLY",
        "repeatEvery": 1,
        "onDays": ["MO", "TU"],
        "end": {"endBy": "NEVER"},
    },
}


@pytest.fixture
async def ops(platform):
    """A group that nobody but who may sees, as gina sees it."""
    answer = await (await platform.as_("gina")).post(
        "/groups", json={"targetName": "ops", "observedByAll": False}
    )
    assert answer.status_code == 201
    return answer.json()


async def test_a_group_is_made_and_shown_whole(ops):
    assert {name: ops[name] for name in ops if name not in ("id", "links", "site")} == {
        "targetName": "ops",
        "recipientType": "GROUP",
        "groupType": "ON_CALL",
        "status": "ACTIVE",
        "externallyOwned": False,
        "allowDuplicates": True,
        "useDefaultDevices": True,
        "observedByAll": False,
        "description": "",
    }
    assert ops["links"] == {"self": f"/api/xm/1/groups/{ops['id']}"}


async def test_a_new_group_has_a_shift_that_never_ends(platform, ops):
    gina = await platform.as_("gina")

    [shift] = (await gina.get("/groups/ops/shifts")).json()["data"]

    assert (shift["name"], shift["start"], shift["end"], shift["timezone"]) == (
        "Default Shift",
        "2018-04-17T00:00:00.000Z",
        "2018-04-18T00:00:00.000Z",
        "UTC",
    )
    assert shift["recurrence"] == {"frequency": "DAILY", "repeatEvery": 1, "end": {"endBy": "NEVER"}}


@pytest.mark.parametrize(
    ("change", "user", "status"),
    [
        ({}, "mmcbride", 403),
        ({}, "gina", 200),
        ({"observedByAll": True}, "mmcbride", 200),
        ({"observers": ["Standard User"]}, "mmcbride", 200),
        ({"observers": [{"name": "Standard User"}]}, "nobody", 403),
        ({"supervisors": ["mmcbride"]}, "mmcbride", 200),
        ({"supervisors": [{"targetName": "mmcbride"}]}, "nobody", 403),
    ],
)
async def test_a_group_is_seen_by_its_observers_its_supervisors_and_who_has_the_function(
    platform, ops, change, user, status
):
    await (await platform.as_("gina")).post("/groups", json={"id": "ops", **change})
    client = await platform.as_(user)

    answers = [
        await client.get(f"/groups/{each}")
        for each in ("ops", "ops/members", "ops/shifts", "ops/supervisors")
    ]

    assert [each.status_code for each in answers] == [status] * 4
    listed = (await client.get("/groups")).json()
    assert listed["total"] == (1 if status == 200 else 0)


async def test_why_a_group_is_not_seen_is_explained(platform, ops):
    await (await platform.as_("gina")).post("/groups", json={"id": "ops", "observers": ["Standard User"]})

    answer = await (await platform.as_("rob")).get("/groups/ops")

    explanation = platform.platform._denials.explain(answer.headers["x-trace"])
    assert explanation.needs == ("function groups, role Standard User, or being a supervisor of group ops",)
    assert explanation.would_pass == ("role Full Access User", "role Standard User")


async def test_a_rest_user_makes_and_changes_groups_and_does_not_get_to_see_them_by_it(platform, ops):
    rob = await platform.as_("rob")

    made = await rob.post("/groups", json={"targetName": "night", "observedByAll": False})
    changed = await rob.post("/groups", json={"id": "ops", "description": "synced"})

    assert (made.status_code, changed.status_code) == (201, 200)
    assert (
        set(made.json()) == set(changed.json()) == {"id", "targetName", "recipientType", "groupType", "links"}
    )
    assert (await rob.get("/groups/ops")).status_code == 403
    for change in (
        {"observedByAll": True},
        {"supervisors": ["rob"]},
        {"observers": ["REST Web Service User"]},
    ):
        assert (await rob.post("/groups", json={"id": "ops", **change})).status_code == 403
    assert (await rob.delete("/groups/ops")).status_code == 403
    assert (await rob.get("/groups/ops")).status_code == 403


async def test_somebody_without_rights_changes_no_group(platform, ops):
    gina, mary = await platform.as_("gina"), await platform.as_("mmcbride")
    await gina.post("/groups", json={"id": "ops", "observedByAll": True})

    answers = [
        await mary.post("/groups", json={"targetName": "mine"}),
        await mary.post("/groups", json={"id": "ops", "description": "x"}),
        await mary.post("/groups/ops/members", json={"id": "mmcbride"}),
        await mary.delete("/groups/ops/members/mmcbride"),
        await mary.post("/groups/ops/shifts", json={"name": "x"}),
        await mary.delete("/groups/ops/shifts/Default%20Shift"),
        await mary.post("/groups/ops/shifts/Default%20Shift/members", json={"recipient": "mmcbride"}),
        await mary.delete("/groups/ops"),
    ]

    assert [each.status_code for each in answers] == [403] * 8


async def test_a_supervisor_changes_their_group_and_no_other(platform, ops):
    gina, mary = await platform.as_("gina"), await platform.as_("mmcbride")
    await gina.post("/groups", json={"id": "ops", "supervisors": ["mmcbride"]})
    await gina.post("/groups", json={"targetName": "other"})

    assert (await mary.post("/groups", json={"id": "ops", "description": "mine"})).json()[
        "description"
    ] == "mine"
    assert (await mary.post("/groups/ops/members", json={"id": "dana"})).status_code == 200
    assert [each["targetName"] for each in (await mary.get("/groups/ops/supervisors")).json()["data"]] == [
        "mmcbride"
    ]
    assert (await mary.post("/groups", json={"id": "other", "description": "mine"})).status_code == 403
    assert (await mary.delete("/groups/ops")).status_code == 200


class TestMembers:
    async def test_adding_a_member_answers_with_the_member_and_once_is_enough(self, platform, ops):
        gina = await platform.as_("gina")

        answers = [await gina.post("/groups/ops/members", json={"id": "mmcbride"}) for _ in range(2)]

        assert [each.status_code for each in answers] == [200, 200]
        assert answers[0].json()["targetName"] == "mmcbride"
        page = (await gina.get("/groups/ops/members")).json()
        assert (page["count"], page["data"][0]["member"], page["data"][0]["group"]["targetName"]) == (
            1,
            answers[0].json(),
            "ops",
        )

    async def test_whoever_sees_a_group_sees_its_members_by_name_only(self, platform, ops):
        gina, mary = await platform.as_("gina"), await platform.as_("mmcbride")
        await gina.post("/groups", json={"id": "ops", "observedByAll": True})
        await gina.post("/groups/ops/members", json={"id": "dana"})

        page = (await mary.get("/groups/ops/members")).json()

        assert page["count"] == 1
        assert set(page["data"][0]["member"]) == {"id", "targetName", "recipientType", "links"}
        assert (await mary.get("/people/dana")).status_code == 403

    async def test_devices_and_groups_are_members_too_but_no_group_of_itself(self, platform, ops):
        gina = await platform.as_("gina")
        device = {
            "owner": "dana",
            "name": "Work Email",
            "deviceType": "EMAIL",
            "emailAddress": "d@acme.example",
        }
        await gina.post("/devices", json=device)
        await gina.post("/groups", json={"targetName": "night"})

        for key in ("dana|Work Email", "night"):
            assert (await gina.post("/groups/ops/members", json={"id": key})).status_code == 200
        circle = await gina.post("/groups/night/members", json={"id": "ops"})
        itself = await gina.post("/groups/ops/members", json={"id": "ops"})

        members = (await gina.get("/groups/ops/members")).json()["data"]
        assert [each["member"]["recipientType"] for each in members] == ["DEVICE", "GROUP"]
        assert (circle.status_code, itself.status_code) == (400, 400)

    async def test_a_member_leaves_with_its_places_in_shifts(self, platform, ops):
        gina = await platform.as_("gina")
        await gina.post("/groups/ops/members", json={"id": "dana"})
        await gina.post("/groups/ops/shifts/Default%20Shift/members", json={"recipient": {"id": "dana"}})

        left = await gina.delete("/groups/ops/members/dana")

        assert (left.status_code, left.json()["targetName"]) == (200, "dana")
        assert (await gina.get("/groups/ops/shifts/Default%20Shift/members")).json()["count"] == 0
        assert (await gina.delete("/groups/ops/members/dana")).status_code == 204

    async def test_whoever_is_deleted_leaves_every_group(self, platform, ops):
        gina = await platform.as_("gina")
        await gina.post("/groups/ops/members", json={"id": "mmcbride"})

        await gina.delete("/people/mmcbride")

        assert (await gina.get("/groups/ops/members")).json()["count"] == 0

    async def test_somebody_who_is_not_there_is_a_404(self, platform, ops):
        answer = await (await platform.as_("gina")).post("/groups/ops/members", json={"id": "ghost"})

        assert (answer.status_code, answer.json()["message"]) == (
            404,
            "There is no recipient with the id or name ghost.",
        )

    async def test_memberships_are_those_that_one_may_see_of_whom_one_may_see(self, platform, ops):
        gina, dana, mary = [await platform.as_(name) for name in ("gina", "dana", "mmcbride")]
        await gina.post("/groups", json={"targetName": "open"})
        for group in ("ops", "open"):
            await gina.post(f"/groups/{group}/members", json={"id": "mmcbride"})
        await gina.post("/groups/open/shifts/Default%20Shift/members", json={"recipient": "mmcbride"})

        async def seen(client):
            page = (await client.get("/people/mmcbride/group-memberships?embed=shifts")).json()
            return {
                each["group"]["targetName"]: [one["name"] for one in each["shifts"]["data"]]
                for each in page["data"]
            }

        assert await seen(gina) == {"ops": [], "open": ["Default Shift"]}
        assert await seen(dana) == await seen(mary) == {"open": ["Default Shift"]}
        assert (
            await (await platform.as_("nobody")).get("/people/mmcbride/group-memberships")
        ).status_code == 403


class TestShifts:
    async def test_a_shift_is_added_read_changed_and_removed(self, platform, ops):
        gina = await platform.as_("gina")

        added = await gina.post("/groups/ops/shifts", json=NIGHT)

        assert added.status_code == 201
        assert added.json()["recurrence"]["onDays"] == ["MO", "TU"]
        assert (await gina.get("/groups/ops/shifts/Night")).json() == added.json()
        change = {"id": "Night", "end": "2018-04-17T07:00:00+01:00", "description": "short"}
        changed = (await gina.post("/groups/ops/shifts", json=change)).json()
        assert changed == {**added.json(), "end": "2018-04-17T06:00:00.000Z", "description": "short"}
        assert (await gina.delete(f"/groups/ops/shifts/{changed['id']}")).status_code == 200
        assert (await gina.delete(f"/groups/ops/shifts/{changed['id']}")).status_code == 204
        assert (await gina.get("/groups/ops/shifts/Night")).status_code == 404

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"name": None}, "Missing required field: name."),
            ({"start": "tomorrow"}, None),
            ({"start": "2018-04-16T22:00:00"}, None),
            (
                {"end": "2018-04-16T22:00:00Z"},
                "The end field contains an invalid value: 2018-04-16T22:00:00+00:00. "
                "It must be after the start, and within a year of it.",
            ),
            (
                {"start": "1969-01-01T00:00:00Z"},
                "The start field contains an invalid value: 1969-01-01T00:00:00+00:00. "
                "It must be from 1970-01-01T00:00:00.000Z to 2200-01-01T00:00:00.000Z.",
            ),
            ({"start": "9999-12-31T23:59:59-14:00", "end": "9999-12-31T23:59:59-14:00"}, None),
            ({"end": "9999-12-31T23:59:59-14:00"}, None),
            (
                {"timezone": "Mars/Olympus"},
                "The timezone field contains an invalid value: Mars/Olympus. "
                "It must be the IANA name of a time zone, such as Europe/Vienna.",
            ),
            ({"timezone": "../../etc/passwd"}, None),
            ({"recurrence": {"frequency": "HOURLY"}}, None),
            ({"recurrence": {"frequency": "DAILY", "repeatEvery": 0}}, None),
            (
                {"recurrence": {"frequency": "DAILY", "end": {"endBy": "DATE"}}},
                "Missing required field: recurrence.end.date.",
            ),
            ({"recurrence": {"frequency": "WEEKLY", "onDays": ["XX"]}}, None),
        ],
    )
    async def test_a_shift_that_cannot_be_is_told_why(self, platform, ops, change, message):
        answer = await (await platform.as_("gina")).post("/groups/ops/shifts", json={**NIGHT, **change})

        assert answer.status_code == 400
        assert message in (None, answer.json()["message"])

    async def test_two_shifts_of_a_group_have_different_names(self, platform, ops):
        gina = await platform.as_("gina")
        await gina.post("/groups/ops/shifts", json=NIGHT)

        assert (await gina.post("/groups/ops/shifts", json=NIGHT)).status_code == 409

    async def test_members_stand_in_a_shift_by_position(self, platform, ops):
        gina = await platform.as_("gina")
        for name in ("dana", "rob", "mmcbride"):
            await gina.post("/groups/ops/members", json={"id": name})
        path = "/groups/ops/shifts/Default%20Shift/members"

        first = await gina.post(path, json={"inRotation": True, "recipient": {"id": "dana"}})
        await gina.post(path, json={"recipient": "rob", "position": 5, "delay": 15, "escalationType": "Peer"})
        await gina.post(path, json={"recipient": "mmcbride"})

        assert first.status_code == 200
        assert (first.json()["position"], first.json()["inRotation"]) == (1, True)
        page = (await gina.get(path)).json()
        assert [
            (each["position"], each["recipient"]["targetName"], each["delay"]) for each in page["data"]
        ] == [
            (1, "dana", 0),
            (5, "rob", 15),
            (6, "mmcbride", 0),
        ]
        embedded = (await gina.get("/groups/ops/shifts?embed=members")).json()["data"][0]["members"]["data"]
        assert embedded == page["data"]
        assert (await gina.delete(f"{path}/rob")).status_code == 200
        assert (await gina.delete(f"{path}/rob")).status_code == 204

    async def test_who_is_not_in_the_group_is_not_in_its_shifts(self, platform, ops):
        answer = await (await platform.as_("gina")).post(
            "/groups/ops/shifts/Default%20Shift/members", json={"recipient": "dana"}
        )

        assert answer.status_code == 404

    @pytest.mark.parametrize(("allowed", "status"), [(True, 200), (False, 409)])
    async def test_twice_in_a_shift_is_for_groups_that_allow_it(self, platform, ops, allowed, status):
        gina = await platform.as_("gina")
        await gina.post("/groups", json={"id": "ops", "allowDuplicates": allowed})
        await gina.post("/groups/ops/members", json={"id": "dana"})
        path = "/groups/ops/shifts/Default%20Shift/members"

        answers = [await gina.post(path, json={"recipient": "dana"}) for _ in range(2)]

        assert [each.status_code for each in answers] == [200, status]


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ({}, 400, "Missing required field: targetName."),
        ({"targetName": "a/b"}, 400, None),
        ({"targetName": "ops"}, 409, "The name ops is taken. Choose another targetName."),
        ({"id": "ghost"}, 404, "There is no group with the id or name ghost."),
        ({"targetName": "x", "supervisors": ["ghost"]}, 404, None),
        ({"targetName": "x", "observers": ["Boss"]}, 400, None),
        ({"targetName": "x", "allowDuplicates": "yes"}, 400, None),
    ],
)
async def test_a_group_that_cannot_be_is_told_why(platform, ops, body, status, message):
    answer = await (await platform.as_("gina")).post("/groups", json=body)

    assert answer.status_code == status
    assert message in (None, answer.json()["message"])


async def test_a_group_is_found_by_words_of_its_name_and_description(platform, ops):
    gina = await platform.as_("gina")
    await gina.post("/groups", json={"targetName": "night", "description": "Ops at night"})

    async def found(words):
        page = (await gina.get("/groups", params={"search": words})).json()
        return [each["targetName"] for each in page["data"]]

    assert await found("OPS") == ["night", "ops"]
    assert await found("night ops") == ["night"]


class TestOnCall:
    @pytest.fixture
    async def schedule(self, platform, ops):
        """A group with a gap from six to eight, and a shift with nobody in it from eight on."""
        gina = await platform.as_("gina")
        await gina.delete("/groups/ops/shifts/Default%20Shift")
        for name, start, end in (("Night", "00", "06"), ("Day", "08", "23")):
            await gina.post(
                "/groups/ops/shifts",
                json={
                    "name": name,
                    "start": f"2018-04-17T{start}:00:00Z",
                    "end": f"2018-04-17T{end}:00:00Z",
                    "recurrence": {"frequency": "DAILY", "end": {"endBy": "NEVER"}},
                },
            )
        for position, member in enumerate(("dana", "rob"), 1):
            await gina.post("/groups/ops/members", json={"id": member})
            await gina.post(
                "/groups/ops/shifts/Night/members",
                json={"recipient": member, "position": position, "delay": 10 * (position - 1)},
            )
        return gina

    async def test_every_time_that_a_shift_is_on_is_listed_in_order_with_its_members(self, schedule):
        answer = await schedule.get(
            "/on-call?groups=ops&from=2018-04-18T00:00:00Z&to=2018-04-19T12:00:00Z&&membersPerShift=3&embed=shift"
        )

        page = answer.json()
        assert [
            (each["shift"]["name"], each["start"], each["end"], each["members"]["count"])
            for each in page["data"]
        ] == [
            ("Night", "2018-04-18T00:00:00.000Z", "2018-04-18T06:00:00.000Z", 2),
            ("Day", "2018-04-18T08:00:00.000Z", "2018-04-18T23:00:00.000Z", 0),
            ("Night", "2018-04-19T00:00:00.000Z", "2018-04-19T06:00:00.000Z", 2),
            ("Day", "2018-04-19T08:00:00.000Z", "2018-04-19T23:00:00.000Z", 0),
        ]
        assert page["data"][0]["group"]["targetName"] == "ops"
        first = page["data"][0]["members"]["data"][0]
        assert (
            first["position"],
            first["delay"],
            first["escalationType"],
            first["member"]["targetName"],
        ) == (
            1,
            0,
            "None",
            "dana",
        )

    async def test_one_moment_is_now_unless_another_is_said(self, platform, schedule):
        async def on(query=""):
            page = (await schedule.get(f"/on-call?groups=ops&embed=shift{query}")).json()
            return [each["shift"]["name"] for each in page["data"]]

        assert await on() == ["Day"]
        assert await on("&at=2018-04-20T03:00:00Z") == ["Night"]
        assert await on("&at=2018-04-20T07:00:00Z") == []

    async def test_no_more_members_than_asked_for_are_shown_of_a_shift(self, schedule):
        page = (await schedule.get("/on-call?groups=ops&at=2018-04-20T03:00:00Z&membersPerShift=1")).json()

        [entry] = page["data"]
        assert (entry["members"]["count"], entry["members"]["total"]) == (1, 2)
        assert "shift" not in entry

    async def test_pages_of_on_call_are_followed_to_the_end(self, schedule):
        path, seen = "/on-call?groups=ops&from=2018-04-18T00:00:00Z&to=2018-04-21T00:00:00Z&limit=3", []
        while path:
            page = (await schedule.get(path.removeprefix("/api/xm/1"))).json()
            seen += [each["start"] for each in page["data"]]
            path = page["links"].get("next")

        assert len(seen) == len(set(seen)) == page["total"] == 7

    async def test_a_device_shows_its_owner_when_it_is_asked_for(self, schedule):
        device = {"owner": "dana", "name": "SMS", "deviceType": "TEXT_PHONE", "phoneNumber": "+431234"}
        await schedule.post("/devices", json=device)
        await schedule.post("/groups/ops/members", json={"id": "dana|SMS"})
        await schedule.post("/groups/ops/shifts/Day/members", json={"recipient": "dana|SMS"})

        [entry] = (await schedule.get("/on-call?groups=ops&embed=members.owner")).json()["data"]

        member = entry["members"]["data"][0]["member"]
        assert (member["targetName"], member["owner"]["targetName"]) == ("dana|SMS", "dana")

    async def test_a_group_that_one_may_not_see_is_a_403_and_an_unknown_one_a_404(self, platform, schedule):
        mary = await platform.as_("mmcbride")

        assert (await mary.get("/on-call?groups=ops")).status_code == 403
        assert (await mary.get("/on-call-summary?groups=ops")).status_code == 403
        assert (await schedule.get("/on-call?groups=ops,ghost")).status_code == 404
        assert (await mary.get("/on-call")).json()["data"] == []

    async def test_the_summary_is_a_bare_list_in_the_order_of_escalation(self, platform, schedule):
        await schedule.post("/groups", json={"targetName": "other"})

        summary = (await schedule.get("/on-call-summary?groups=ops,other&at=2018-04-20T03:00:00Z")).json()

        assert [
            (
                each["group"]["targetName"],
                each["recipient"]["targetName"],
                each["delay"],
                each["escalationLevel"],
            )
            for each in summary
        ] == [("ops", "dana", 0, 1), ("ops", "rob", 10, 2)]
        assert summary[0]["shift"]["name"] == "Night"

    @pytest.mark.parametrize(
        "query",
        [
            "from=x",
            "from=9999-12-31T23:59:59Z",
            "from=9999-12-31T23:59:59-14:00",
            "to=9999-12-31T23:59:59Z",
            "at=0001-01-01T00:00:00Z",
            "at=0001-01-01T00:00:00%2B14:00",
            "from=2018-04-18T00:00:00Z&to=2018-04-17T00:00:00Z",
            "from=2018-04-18T00:00:00Z&to=2028-04-17T00:00:00Z",
            "membersPerShift=0",
            "embed=everything",
        ],
    )
    async def test_a_question_that_makes_no_sense_is_a_400(self, schedule, query):
        assert (await schedule.get(f"/on-call?groups=ops&{query}")).status_code == 400
