"""What becomes of an event: who may record it, what is told of it later, and what it sets off."""

from dataclasses import replace

import pytest

from deputize.domain.run import RunState
from deputize.domain.start import Start

pytestmark = pytest.mark.anyio


@pytest.fixture
async def alert(incidents):
    """The number of an event that sam has sent to rita and will; nothing that it set off is left to see."""
    sam = await incidents.as_("sam")
    body = {"properties": {"number": "INC1"}, "recipients": [{"id": "rita"}, {"id": "will"}]}
    assert (await sam.post("/forms/f-alert/triggers", json=body)).status_code == 202
    [event] = (await sam.get("/events")).json()["data"]
    incidents.set_off.clear()
    incidents.clock.forward(minutes=1)
    return event["eventId"]


async def told(bench):
    """Return the callbacks that were set off: the kind, the initiator, and what the script is given."""
    found = [await bench.database.read(lambda tx, key=key: tx.runs.get(key)) for key in bench.set_off]
    return [(each.trigger, each.initiator.id, Start.model_validate(each.start).payload) for each in found]


async def test_a_response_sets_off_its_integration_as_the_submitter_and_not_as_the_responder(
    incidents, alert
):
    rita = await incidents.as_("rita")

    answer = await rita.post(
        f"/events/{alert}/responses", json={"response": "acknowledge", "device": "Work Email"}
    )

    assert answer.status_code == 201
    assert await told(incidents) == [
        (
            "RESPONSE",
            "sam",
            {
                "eventIdentifier": int(alert),
                "date": "18-04-17 20:03:47.476",
                "eventProperties": [{"number": "INC1"}],
                "recipient": "rita",
                "response": "Acknowledge",
                "device": "Work Email",
                "annotation": "null",
            },
        )
    ]


async def test_a_response_without_a_comment_has_the_annotation_null_as_a_text_and_none_in_the_script(
    incidents, alert
):
    await (await incidents.as_("rita")).post(f"/events/{alert}/responses", json={"response": "Escalate"})

    run = await incidents.database.read(lambda tx: tx.runs.get(incidents.set_off[0]))
    start = Start.model_validate(run.start)
    assert start.payload["annotation"] == "null"
    assert start.provided["annotation"] is None


async def test_a_comment_on_a_response_is_one_on_the_event_as_well(incidents, alert):
    rita = await incidents.as_("rita")

    await rita.post(f"/events/{alert}/responses", json={"response": "Escalate", "comment": "too hot"})

    (response, annotation) = await told(incidents)
    assert response[2]["annotation"] == "too hot"
    assert (annotation[0], annotation[1]) == ("ANNOTATION", "sam")
    assert annotation[2]["author"] == {"targetName": "rita", "firstName": "Rita", "lastName": "Lee"}
    assert annotation[2]["comment"] == "too hot"
    sam = await incidents.as_("sam")
    [comment] = (await sam.get(f"/events/{alert}/annotations")).json()["data"]
    assert (comment["author"]["targetName"], comment["comment"]) == ("rita", "too hot")


@pytest.mark.parametrize(
    ("call", "body", "kind", "fields"),
    [
        (
            "deliveries",
            {"recipient": "rita", "deliveryStatus": "DELIVERED", "device": "Work Email"},
            "DELIVERYSTATUS",
            {
                "deliveryStatus": "DELIVERED",
                "recipient": "rita",
                "device": "Work Email",
                "deviceId": None,
                "message": None,
                "eventType": "USER",
            },
        ),
        (
            "escalations",
            {"group": "ops", "shift": "Night", "reason": "no answer", "recipient": "will"},
            "ESCALATION",
            {"group": "ops", "shift": "Night", "reason": "no answer", "recipient": "will"},
        ),
        (
            "failures",
            {"recipient": "will", "reason": "no device"},
            "TARGETEDRECIPIENTFAILURE",
            {"recipient": "will", "reason": "no device"},
        ),
        ("responses", {"recipient": "rita", "response": "Escalate"}, "RESPONSE", {"response": "Escalate"}),
        (
            "annotations",
            {"comment": "on it"},
            "ANNOTATION",
            {"comment": "on it", "author": {"targetName": "ed", "firstName": "", "lastName": ""}},
        ),
    ],
)
async def test_the_service_that_tells_people_records_everything(incidents, alert, call, body, kind, fields):
    ed = await incidents.as_("ed")

    answer = await ed.post(f"/events/{alert}/{call}", json=body)

    assert answer.status_code == 201
    [(trigger, initiator, payload)] = await told(incidents)
    assert (trigger, initiator) == (kind, "sam")
    assert {name: payload[name] for name in fields} == fields


@pytest.mark.parametrize("call", ["escalations", "failures"])
async def test_what_the_service_alone_can_know_nobody_else_records(incidents, alert, call):
    body = {"recipient": "rita"}
    for name in ("sam", "rita", "otto"):
        answer = await (await incidents.as_(name)).post(f"/events/{alert}/{call}", json=body)
        assert answer.status_code == 403

    assert incidents.set_off == []


@pytest.mark.parametrize(
    ("call", "body"), [("responses", {"response": "Escalate"}), ("deliveries", {"deliveryStatus": "X"})]
)
async def test_nobody_answers_for_somebody_else(incidents, alert, call, body):
    for name in ("sam", "will", "otto"):
        answer = await (await incidents.as_(name)).post(
            f"/events/{alert}/{call}", json={**body, "recipient": "rita"}
        )
        assert answer.status_code == 403

    explanation = incidents.platform._denials.explain(answer.headers["x-trace"])
    assert explanation.needs == ("function events, or being rita",)
    assert explanation.would_pass == ("role Notifier", "person rita")
    assert incidents.set_off == []


async def test_who_was_not_told_does_not_answer(incidents, alert):
    otto = await incidents.as_("otto")

    answer = await otto.post(f"/events/{alert}/responses", json={"response": "Escalate"})

    assert answer.status_code == 400
    assert answer.json()["message"] == f"Event {alert} was not sent to otto. Name one of its recipients."


async def test_who_takes_the_name_of_a_deleted_recipient_is_not_the_one_who_was_told(incidents, alert, make):
    await incidents.do(
        lambda tx: tx.people.delete(make.person("rita").id),
        lambda tx: tx.people.put(replace(make.person("rita", "Responder"), id="another")),
    )

    answer = await (await incidents.as_("rita")).post(
        f"/events/{alert}/responses", json={"response": "Escalate"}
    )

    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("response", "message"),
    [
        (
            "Ignore",
            "The response field contains an invalid value: Ignore. Valid values include: Acknowledge, Escalate.",
        ),
        ("", None),
    ],
)
async def test_only_what_is_offered_is_answered(incidents, alert, response, message):
    rita = await incidents.as_("rita")

    answer = await rita.post(f"/events/{alert}/responses", json={"response": response})

    assert answer.status_code == 400
    assert message in (None, answer.json()["message"])


async def test_an_integration_for_one_choice_is_set_off_by_that_choice_alone(incidents, alert, make):
    only = make.outbound("RESPONSE", response_choice="Acknowledge")
    await incidents.do(lambda tx: tx.integrations.put(only))
    rita, will = await incidents.as_("rita"), await incidents.as_("will")

    await rita.post(f"/events/{alert}/responses", json={"response": "Escalate"})
    assert incidents.set_off == []
    await will.post(f"/events/{alert}/responses", json={"response": "ACKNOWLEDGE"})
    assert len(incidents.set_off) == 1


async def test_nobody_answers_an_event_that_is_over(incidents, alert):
    sam, rita = await incidents.as_("sam"), await incidents.as_("rita")
    await sam.post("/events", json={"id": alert, "status": "TERMINATED"})

    answer = await rita.post(f"/events/{alert}/responses", json={"response": "Escalate"})

    assert answer.status_code == 409
    assert answer.json()["message"] == (
        f"Event {alert} is TERMINATED, which is final; nobody can respond any more."
    )


async def test_each_change_of_status_is_told_once(incidents, alert):
    sam = await incidents.as_("sam")

    for status in ("SUSPENDED", "SUSPENDED", "ACTIVE", "TERMINATED", "TERMINATED"):
        assert (await sam.post("/events", json={"id": alert, "status": status})).status_code == 200

    assert [(kind, payload["status"], payload["username"]) for kind, _, payload in await told(incidents)] == [
        ("STATUS", "suspended", "sam"),
        ("STATUS", "active", "sam"),
        ("STATUS", "terminated", "sam"),
    ]


async def test_what_a_script_changes_goes_on_from_the_chain_of_that_script(incidents, alert, make):
    run = make.stored_run("sam", chain=("i-RESPONSE", "i-ANNOTATION"))
    script = await incidents.as_script_of(run)

    await script.post(f"/events/{alert}/annotations", json={"comment": "again"})
    await script.post("/events", json={"id": alert, "status": "SUSPENDED"})

    runs = await incidents.database.read(lambda tx: tx.runs.page(limit=10))
    assert {
        (each.trigger, each.state, each.chain) for each in runs if each.event_id and each.id != run.id
    } >= {
        ("ANNOTATION", RunState.DENIED, run.chain),
        ("STATUS", RunState.QUEUED, (*run.chain, "i-STATUS")),
    }


async def test_what_a_person_changes_goes_on_from_the_chain_of_the_event(incidents, make):
    script = await incidents.as_script_of(make.stored_run("sam", chain=("i-1",)))
    await script.post("/forms/f-alert/triggers", json={"recipients": [{"id": "rita"}]})
    rita = await incidents.with_password("rita")
    [event] = await incidents.database.read(lambda tx: tx.events.all())
    incidents.set_off.clear()

    assert (
        await rita.post(f"/events/{event.id}/responses", json={"response": "Escalate"})
    ).status_code == 201

    run = await incidents.database.read(lambda tx: tx.runs.get(incidents.set_off[0]))
    assert run.chain == ("i-1", "i-RESPONSE")


async def test_a_record_that_is_refused_leaves_nothing(incidents, alert):
    rita = await incidents.as_("rita")
    event = await incidents.database.read(lambda tx: tx.events.get(alert))
    before = await incidents.database.read(lambda tx: tx.events.audits(event.id))

    for body in (
        {},
        {"response": 7},
        {"response": "Escalate", "comment": ""},
        {"response": "Escalate", "device": "a/b"},
    ):
        assert (await rita.post(f"/events/{alert}/responses", json=body)).status_code == 400
    assert (await rita.post("/events/1/responses", json={"response": "Escalate"})).status_code == 404

    assert [each.type for each in before] == ["EVENT_CREATED"]
    assert await incidents.database.read(lambda tx: tx.events.audits(event.id)) == before
    assert incidents.set_off == []


class TestAudits:
    @pytest.fixture
    async def story(self, incidents, alert):
        """An event with a life of its own."""
        sam, rita, ed = [await incidents.as_(name) for name in ("sam", "rita", "ed")]
        await ed.post(
            f"/events/{alert}/deliveries",
            json={"recipient": "rita", "deliveryStatus": "DELIVERED", "device": "Work Email"},
        )
        await ed.post(f"/events/{alert}/deliveries", json={"recipient": "will", "deliveryStatus": "FAILED"})
        await rita.post(f"/events/{alert}/responses", json={"response": "Escalate", "comment": "hot"})
        await sam.post("/events", json={"id": alert, "status": "SUSPENDED"})
        return alert

    async def test_what_happened_is_told_in_order(self, incidents, story):
        sam = await incidents.as_("sam")

        page = (await sam.get(f"/audits?eventId={story}")).json()

        assert [(each["orderId"], each["type"]) for each in page["data"]] == [
            (1, "EVENT_CREATED"),
            (2, "NOTIFICATION_DELIVERED"),
            (3, "NOTIFICATION_FAILED"),
            (4, "RESPONSE_RECEIVED"),
            (5, "EVENT_ANNOTATED"),
            (6, "EVENT_SUSPENDED"),
        ]
        assert (page["count"], page["total"]) == (6, 6)
        assert page["links"] == {"self": f"/api/xm/1/audits?eventId={story}&limit=100"}

    async def test_a_response_and_a_comment_are_told_whole(self, incidents, story):
        sam = await incidents.as_("sam")

        page = (await sam.get(f"/audits?eventId={story}&auditType=EVENT_ANNOTATED,RESPONSE_RECEIVED")).json()

        response, annotation = page["data"]
        assert response["at"] == "2018-04-17T20:03:47.476Z"
        assert response["response"]["response"] == "Escalate"
        assert response["response"]["comment"] == "hot"
        assert response["response"]["received"] == "2018-04-17T20:03:47.476Z"
        assert response["response"]["notification"]["deliveryStatus"] == "RESPONDED"
        assert response["response"]["notification"]["recipient"]["targetName"] == "rita"
        assert annotation["annotation"]["comment"] == "hot"
        assert annotation["annotation"]["author"]["targetName"] == "rita"
        assert annotation["annotation"]["event"]["eventId"] == story

    async def test_pages_go_on_after_the_last_one_that_was_shown(self, incidents, story):
        sam = await incidents.as_("sam")
        path, seen = f"/api/xm/1/audits?eventId={story}&limit=2", []
        while path:
            page = (await sam.get(path.removeprefix("/api/xm/1"))).json()
            assert page["total"] == 6
            seen += [each["orderId"] for each in page["data"]]
            path = page["links"].get("next")

        assert seen == [1, 2, 3, 4, 5, 6]

    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ("", 400),
            ("eventId=1", 404),
            ("eventId={}&auditType=GOSSIP", 400),
            ("eventId={}&limit=0", 400),
            ("eventId={}&after=x", 400),
        ],
    )
    async def test_a_question_that_makes_no_sense_is_told_so(self, incidents, story, query, status):
        answer = await (await incidents.as_("sam")).get(f"/audits?{query.format(story)}")

        assert answer.status_code == status

    async def test_audits_are_for_who_may_read_the_event(self, incidents, story):
        statuses = {
            name: (await (await incidents.as_(name)).get(f"/audits?eventId={story}")).status_code
            for name in ("sam", "ed", "rita", "otto")
        }

        assert statuses == {"sam": 200, "ed": 200, "rita": 403, "otto": 403}


class TestRecipients:
    async def test_recipients_show_how_far_each_was_reached(self, incidents, alert):
        sam, rita, ed = [await incidents.as_(name) for name in ("sam", "rita", "ed")]
        for name in ("rita", "will"):
            await ed.post(
                f"/events/{alert}/deliveries", json={"recipient": name, "deliveryStatus": "DELIVERED"}
            )
        await rita.post(f"/events/{alert}/responses", json={"response": "Escalate"})

        page = (await sam.get(f"/events/{alert}/recipients?targeted=true")).json()

        assert [
            (each["targetName"], each["deliveryStatus"], each.get("response")) for each in page["data"]
        ] == [
            ("rita", "RESPONDED", {"text": "Escalate", "received": "2018-04-17T20:03:47.476Z"}),
            ("will", "DELIVERED", None),
        ]

    async def test_nothing_is_said_of_who_has_not_been_told(self, incidents, alert):
        page = (await (await incidents.as_("sam")).get(f"/events/{alert}/recipients")).json()

        assert [set(each) & {"deliveryStatus", "response"} for each in page["data"]] == [set(), set()]

    async def test_recipients_are_embedded_as_they_are_listed(self, incidents, alert):
        sam = await incidents.as_("sam")

        listed = (await sam.get(f"/events/{alert}/recipients?targeted=true")).json()["data"]
        embedded = (await sam.get(f"/events/{alert}?embed=recipients&targeted=true")).json()["recipients"][
            "data"
        ]

        assert embedded == listed
        assert [each["recipientType"] for each in listed] == ["PERSON", "PERSON"]

    async def test_a_device_shows_its_owner(self, incidents, make):
        await incidents.do(lambda tx: tx.roles.put(make.role("Notifier", "events", "rest")))
        sam, ed = await incidents.as_("sam"), await incidents.as_("ed")
        device = {
            "owner": "rita",
            "name": "SMS Phone",
            "deviceType": "TEXT_PHONE",
            "phoneNumber": "+43 1 234",
        }
        await ed.post("/devices", json=device)
        await sam.post("/forms/f-alert/triggers", json={"recipients": [{"id": "rita|SMS Phone"}]})
        [event] = (await sam.get("/events")).json()["data"]

        await ed.post(
            f"/events/{event['id']}/deliveries",
            json={"recipient": "rita|SMS Phone", "deliveryStatus": "DELIVERED"},
        )

        [shown] = (await sam.get(f"/events/{event['id']}/recipients")).json()["data"]
        assert (shown["targetName"], shown["recipientType"]) == ("rita|SMS Phone", "DEVICE")
        assert (shown["owner"]["targetName"], shown["deliveryStatus"]) == ("rita", "DELIVERED")

    @pytest.mark.parametrize(("user", "status"), [("sam", 200), ("ed", 200), ("rita", 403)])
    async def test_recipients_are_for_who_may_read_the_event(self, incidents, alert, user, status):
        assert (await (await incidents.as_(user)).get(f"/events/{alert}/recipients")).status_code == status


async def test_a_submitters_supervisor_reads_their_events_and_changes_nothing(incidents, alert, make):
    boss, sam = make.person("otto"), make.person("sam")
    await incidents.do(lambda tx: tx.supervisors.put(sam.id, {boss.id}))
    otto = await incidents.as_("otto")

    assert (await otto.get(f"/events/{alert}")).status_code == 200
    assert [each["eventId"] for each in (await otto.get("/events")).json()["data"]] == [alert]
    assert (await otto.get(f"/audits?eventId={alert}")).status_code == 200
    assert (await otto.post(f"/events/{alert}/annotations", json={"comment": "x"})).status_code == 403
    assert (await otto.post("/events", json={"id": alert, "status": "TERMINATED"})).status_code == 403
