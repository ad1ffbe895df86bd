"""Form triggers of both generations: who may send, what comes of it, and as whom."""

import asyncio
from dataclasses import replace

import pytest

from deputize.domain.decision import Denial
from deputize.domain.group import Group, Member, Shift, ShiftMember
from deputize.domain.plan import EVERYBODY, Access
from deputize.domain.run import RunState
from deputize.errors import PayloadInvalid
from deputize.platform.interface import FormContent

pytestmark = pytest.mark.anyio

PRESENT = ("/api/xm/1/plans/p-incidents/forms/f-alert/triggers", "/api/xm/1/forms/f-alert/triggers")
OLDER = "/reapi/2015-04-01/forms/f-alert/triggers"
FORBIDDEN = "User does not have the permission to access this service/functionality."


async def sent(bench, name, body=None, path=PRESENT[1], **more):
    client = await bench.as_(name)
    return await client.post(f"{bench.platform.base_url}{path}", json={} if body is None else body, **more)


async def events(bench):
    return await bench.database.read(lambda tx: tx.events.all())


async def runs(bench):
    return await bench.database.read(lambda tx: tx.runs.page(limit=100))


@pytest.mark.parametrize("path", [*PRESENT, "/api/xm/1/plans/incidents/forms/alert/triggers"])
async def test_a_form_starts_an_event_of_whoever_sends_it(incidents, path):
    body = {"properties": {"number": "INC0010001"}, "recipients": [{"id": "rita"}], "priority": "HIGH"}

    answer = await sent(incidents, "sam", body, path)

    assert answer.status_code == 202
    [event] = await events(incidents)
    assert answer.json() == {"requestId": event.request_id}
    assert (event.submitter_name, event.via, event.status, event.priority) == (
        "sam",
        "script",
        "ACTIVE",
        "HIGH",
    )
    assert (event.form, event.form_id, event.plan_id) == ("alert", "f-alert", "p-incidents")
    assert (event.properties, event.recipients) == ({"number": "INC0010001"}, ("rita",))
    assert (event.created, event.chain) == (incidents.clock.now, ())


async def test_the_older_trigger_answers_with_the_number_of_the_event(incidents):
    body = {"properties": {"Text": "gaps"}, "recipients": [{"targetName": "rita"}]}

    answer = await sent(incidents, "sam", body, OLDER)

    [event] = await events(incidents)
    assert (answer.status_code, answer.json()) == (200, {"id": event.number})
    assert event.recipients == ("rita",)


async def test_an_event_sets_off_the_status_integrations_in_the_same_commit(incidents):
    await sent(incidents, "sam", {"properties": {"number": "INC1"}})

    [event] = await events(incidents)
    [run] = await runs(incidents)
    assert (run.trigger, run.state, run.event_id) == ("STATUS", RunState.QUEUED, event.id)
    assert (run.initiator.id, run.initiator.name, run.initiator.via) == ("sam", "Sam Sender", "script")
    assert run.start["payload"] == {
        "eventIdentifier": int(event.number),
        "date": "18-04-17 20:02:47.476",
        "eventProperties": [{"number": "INC1"}],
        "status": "active",
        "username": "sam",
    }
    assert incidents.set_off == [run.id]


@pytest.mark.parametrize(
    ("user", "status"),
    [("sam", 202), ("dev", 403), ("otto", 403), ("pia", 403)],
)
async def test_access_to_the_plan_and_sender_permission_are_both_needed(incidents, user, status):
    answer = await sent(incidents, user)

    assert answer.status_code == status
    assert len(await events(incidents)) == (1 if status == 202 else 0)


@pytest.mark.parametrize(
    ("change", "needs"),
    [
        ({"access": Access(roles=frozenset({"Developer"}))}, 'access to plan "incidents"'),
        ({"enabled": False}, 'plan "incidents" to be enabled'),
        ({"senders": Access()}, 'sender permission on form "alert"'),
        ({"start": frozenset({"ui", "mobile"})}, 'form "alert" to be startable by api'),
    ],
)
async def test_each_rule_alone_refuses_and_is_named(incidents, make, change, needs):
    plan = {key: value for key, value in change.items() if key in ("access", "enabled")}
    form = {key: value for key, value in change.items() if key not in plan}
    await incidents.do(
        lambda tx: tx.plans.put(replace(make.plan, **plan)),
        lambda tx: tx.forms.put(replace(make.form, **form)),
    )

    answer = await sent(incidents, "sam")

    assert (answer.status_code, answer.json()["message"]) == (403, FORBIDDEN)
    explanation = incidents.platform._denials.explain(answer.headers["x-trace"])
    assert (explanation.initiator, explanation.needs) == ("sam", (needs,))
    assert await events(incidents) == []


async def test_who_would_pass_is_told_by_role_and_by_name(incidents, make):
    pia = make.person("pia")
    await incidents.do(
        lambda tx: tx.forms.put(
            replace(make.form, senders=Access(roles=frozenset({"Sender"}), people=frozenset({pia.id})))
        )
    )

    answer = await sent(incidents, "dev")

    explanation = incidents.platform._denials.explain(answer.headers["x-trace"])
    assert explanation.would_pass == ("role Sender", "person pia")


async def test_the_older_api_refuses_in_its_own_shape_and_in_a_header(incidents):
    answer = await sent(incidents, "otto", path=OLDER)

    assert answer.status_code == 403
    assert answer.json() == {"type": "UNAUTHORIZED_ACCESS_ERROR", "message": FORBIDDEN}
    assert answer.headers["x-error-details"] == f"UNAUTHORIZED_ACCESS_ERROR: {FORBIDDEN}"
    assert incidents.platform._denials.explain(answer.headers["x-trace"]).initiator == "otto"


async def test_what_a_body_says_of_identity_and_ids_has_no_effect(incidents):
    forged = {
        "initiator": "dana",
        "user": "dana",
        "submitter": {"targetName": "dana"},
        "requestId": "00000000-0000-4000-8000-000000000000",
        "plan": "another",
        "form": "another",
        "chain": ["i-STATUS"],
        "via": "ui",
    }

    answer = await sent(incidents, "sam", forged)

    [event] = await events(incidents)
    assert (event.submitter_name, event.via, event.form, event.chain) == ("sam", "script", "alert", ())
    assert answer.json()["requestId"] == event.request_id != forged["requestId"]


async def test_who_may_not_send_is_not_told_what_is_wrong_with_the_body(incidents):
    assert (await sent(incidents, "otto", {"recipients": 7})).status_code == 403
    assert (await sent(incidents, "sam", {"recipients": 7})).status_code == 400


@pytest.mark.parametrize(
    "path", ["/api/xm/1/forms/none/triggers", "/api/xm/1/plans/none/forms/f-alert/triggers"]
)
async def test_a_form_that_is_not_there_is_a_404(incidents, path):
    assert (await sent(incidents, "sam", path=path)).status_code == 404


class TestRecipients:
    async def told(self, bench):
        [event] = await events(bench)
        return [
            (each.type, each.target_name, each.targeted)
            for each in await bench.database.read(lambda tx: tx.recipients.of_event(event.id))
        ]

    async def test_one_to_whom_the_sender_may_not_send_is_dropped_and_the_event_is_made(self, incidents):
        body = {"recipients": [{"id": each} for each in ("rita", "otto", "dev", "nobody-at-all", "sam")]}

        answer = await sent(incidents, "sam", body)

        [event] = await events(incidents)
        assert (answer.status_code, answer.json()) == (
            202,
            {"requestId": event.request_id, "notSentTo": ["otto", "dev", "nobody-at-all"]},
        )
        assert await self.told(incidents) == [("PERSON", "rita", True), ("PERSON", "sam", True)]
        [audit] = await incidents.database.read(lambda tx: tx.events.audits(event.id))
        assert (audit.type, audit.detail) == (
            "EVENT_CREATED",
            {"notSentTo": ["otto", "dev", "nobody-at-all"]},
        )

    async def test_view_is_not_use(self, incidents, make):
        await incidents.do(lambda tx: tx.roles.put(make.role("Sender", Responder=("View",))))

        await sent(incidents, "sam", {"recipients": [{"id": "rita"}]})

        assert await self.told(incidents) == []

    async def test_somebody_who_is_not_active_is_dropped(self, incidents, make):
        await incidents.do(lambda tx: tx.people.put(make.person("rita", "Responder", status="INACTIVE")))

        await sent(incidents, "sam", {"recipients": [{"id": "rita"}]})

        assert await self.told(incidents) == []

    async def test_a_device_is_named_with_its_owner_and_goes_with_the_right_on_them(self, incidents):
        ed = await incidents.as_("ed")
        await incidents.do(lambda tx: tx.roles.put(replace_role("Notifier", "events", "rest")))
        for owner in ("rita", "otto"):
            answer = await ed.post(
                "/devices",
                json={
                    "owner": owner,
                    "name": "Work Email",
                    "deviceType": "EMAIL",
                    "emailAddress": f"{owner}@acme.example",
                },
            )
            assert answer.status_code == 201

        body = {
            "recipients": [{"id": "rita|Work Email", "recipientType": "DEVICE"}, {"id": "otto|Work Email"}]
        }
        await sent(incidents, "sam", body)

        assert await self.told(incidents) == [("DEVICE", "rita|Work Email", True)]

    async def test_a_group_stands_for_those_who_are_on_call_in_it(self, incidents, make):
        await incidents.do(*group_of(incidents, make, "ops", "rita", "otto", "will"))

        await sent(incidents, "sam", {"recipients": [{"id": "ops"}, {"id": "rita"}]})

        assert await self.told(incidents) == [
            ("GROUP", "ops", True),
            ("PERSON", "rita", True),
            ("PERSON", "otto", False),
            ("PERSON", "will", False),
        ]

    async def test_a_group_that_the_sender_does_not_see_is_dropped(self, incidents, make):
        await incidents.do(*group_of(incidents, make, "ops", "rita", observed_by_all=False))

        await sent(incidents, "sam", {"recipients": [{"id": "ops"}]})

        assert await self.told(incidents) == []

    async def test_nobody_is_on_call_when_no_shift_is(self, incidents, make):
        await incidents.do(*group_of(incidents, make, "ops", "rita"))
        incidents.clock.forward(days=-2)

        await sent(incidents, "sam", {"recipients": [{"id": "ops"}]})

        assert await self.told(incidents) == [("GROUP", "ops", True)]


def replace_role(name, *functions):
    from deputize.domain.person import Role

    return Role(name=name, functions=frozenset(functions))


def group_of(bench, make, name, *people, **more):
    """Return the acts that make a group whose one shift, which never ends, has *people* in it."""
    group = Group(id=f"g-{name}", target_name=name, **more)
    shift = Shift(
        id=f"s-{name}",
        group_id=group.id,
        name="Default Shift",
        start=bench.clock.now.replace(hour=0, minute=0, second=0, microsecond=0),
        end=bench.clock.now.replace(hour=23, minute=0, second=0, microsecond=0),
    )
    acts = [lambda tx: tx.groups.put(group), lambda tx: tx.shifts.put(shift)]
    for position, each in enumerate(people, 1):
        member = Member(
            id=f"m-{name}-{each}", group_id=group.id, type="PERSON", recipient_id=make.person(each).id
        )
        acts += [
            lambda tx, member=member: tx.groups.add_member(member),
            lambda tx, member=member, position=position: tx.shifts.put_member(
                shift.id, ShiftMember(member=member, position=position)
            ),
        ]
    return acts


class TestBody:
    @pytest.mark.parametrize(
        "body",
        [
            {"recipients": [{"id": "rita"}, {"targetName": "will"}]},
            {"recipients": [{"id": "rita", "targetName": "rita"}]},
            {"recipients": [{"targetName": "rita"}], "conference": {"type": "BRIDGE", "bridgeId": "1"}},
            {"recipients": [{"id": "rita"}], "conferences": [{"name": "bridge"}]},
        ],
    )
    async def test_two_generations_in_one_body_are_refused(self, incidents, body):
        answer = await sent(incidents, "sam", body)

        assert answer.status_code == 400
        assert answer.json()["message"] == (
            "The body mixes two generations: recipients by id and conference belong to the present one, "
            "recipients by targetName and conferences to the one before. Use either."
        )

    @pytest.mark.parametrize("path", [*PRESENT, OLDER])
    @pytest.mark.parametrize(
        "body",
        [
            {"recipients": [{"targetName": "rita"}], "conferences": [{"name": "bridge"}]},
            {"recipients": [{"id": "rita"}], "conference": {"type": "EXTERNAL", "bridgeId": "1"}},
            {"recipients": [], "conference": None},
            {"recipients": None, "properties": None},
        ],
    )
    async def test_either_generation_is_taken_by_each_trigger(self, incidents, path, body):
        assert (await sent(incidents, "sam", body, path)).is_success

    async def test_a_text_that_is_too_long_is_told_in_the_shape_of_the_older_api(self, incidents):
        body = {"properties": {"test": "x" * 20_001}}

        answer = await sent(incidents, "sam", body, OLDER)

        assert answer.status_code == 400
        assert answer.json() == {
            "type": "DATA_VALIDATION_ERROR",
            "message": "There are data validation errors in the form.",
            "errorDetails": [
                {
                    "jsonPath": "properties/test",
                    "details": "Exceeded the specified maximum number of characters",
                }
            ],
        }

    async def test_a_text_that_is_too_long_is_told_in_the_shape_of_the_present_api(self, incidents):
        answer = await sent(incidents, "sam", {"properties": {"test": "x" * 20_001}})

        assert answer.status_code == 400
        assert answer.json() == {
            "code": 400,
            "reason": "Bad Request",
            "message": "The properties/test field contains an invalid value. "
            "Exceeded the specified maximum number of characters.",
            "subcode": "validation.trigger.property",
            "arguments": ["properties/test"],
        }

    async def test_every_property_that_does_not_fit_is_told_at_once(self, incidents):
        properties = {"a": {"b": 1}, "c": ["x", ["y"]], "d": ["x" * 20_001], "e": [{"category": "f"}]}

        answer = await sent(incidents, "sam", {"properties": properties}, OLDER)

        assert [each["jsonPath"] for each in answer.json()["errorDetails"]] == [
            "properties/a",
            "properties/c/1",
            "properties/d/0",
            "properties/e/0",
        ]

    @pytest.mark.parametrize(
        "value",
        [
            "x" * 20_000,
            "",
            7,
            1.5,
            True,
            None,
            ["a", "b"],
            [],
            [{"category": "Country", "value": "Austria"}, {"category": "City", "value": "Graz"}],
            "\0 and \u2028",
        ],
    )
    async def test_a_property_comes_back_as_it_was_sent(self, incidents, value):
        assert (await sent(incidents, "sam", {"properties": {"p": value}})).status_code == 202

        [event] = await events(incidents)
        assert event.properties == {"p": value}

    async def test_the_language_of_a_text_is_no_part_of_its_name(self, incidents):
        await sent(incidents, "sam", {"properties": {"Description#en": "hot", "Tags": ["a"], "n#en": 7}})

        [event] = await events(incidents)
        assert event.properties == {"Description": "hot", "Tags": ["a"], "n#en": 7}

    @pytest.mark.parametrize(
        ("body", "message"),
        [
            (
                {"priority": "URGENT"},
                "The priority field contains an invalid value: URGENT. "
                "Valid values include: HIGH, MEDIUM, LOW.",
            ),
            ({"recipients": [{}]}, "Missing required field: recipients.0.id."),
            ({"properties": {"": 1}}, None),
            ({"expirationInMinutes": 0}, None),
            ([], "The body must be one JSON object."),
        ],
    )
    async def test_a_body_that_cannot_be_is_told_why(self, incidents, body, message):
        answer = await sent(incidents, "sam", body)

        assert answer.status_code == 400
        assert message in (None, answer.json()["message"])
        assert await events(incidents) == []

    @pytest.mark.parametrize(
        "number", ["NaN", "Infinity", "-Infinity", "1e999", "[-1e999]", '{"a": 1e400}', "9" * 5000]
    )
    @pytest.mark.parametrize("place", ['{"properties": {"p": %s}}', '{"conference": {"type": [%s]}}'])
    async def test_a_number_that_json_does_not_have_is_refused(self, incidents, place, number):
        sam = await incidents.as_("sam")

        answer = await sam.post(
            "/forms/f-alert/triggers", content=place % number, headers={"Content-Type": "application/json"}
        )

        assert (answer.status_code, answer.json()["message"]) == (
            400,
            "The body is not valid JSON. Send one JSON object in UTF-8.",
        )

    async def test_how_an_event_is_handled_is_kept_with_it(self, incidents):
        options = {
            "conference": {"type": "EXTERNAL", "bridgeId": "1"},
            "expirationInMinutes": 30,
            "bypassPhoneIntro": True,
            "voicemailOptions": {"every": 5, "leave": "callbackonly", "retry": 1},
            "targetDeviceNames": [{"name": "Work Email"}],
            "otherResponseCountThreshold": "2",
        }

        await sent(incidents, "sam", {**options, "priority": "low"})

        shown = (await (await incidents.as_("sam")).get("/events")).json()["data"][0]
        assert {name: shown[name] for name in options} == options
        assert shown["priority"] == "LOW"

    async def test_what_may_be_answered_comes_from_the_form_or_from_the_trigger(self, incidents):
        await sent(incidents, "sam")
        incidents.clock.forward(seconds=1)
        await sent(
            incidents, "sam", {"responseOptions": [{"number": 1, "text": "On it", "joinConference": True}]}
        )

        page = (await (await incidents.as_("sam")).get("/events?embed=responseOptions")).json()
        assert [each["responseOptions"]["data"] for each in page["data"]] == [
            [{"number": 1, "text": "On it", "joinConference": True}],
            [{"number": 1, "text": "Acknowledge"}, {"number": 2, "text": "Escalate"}],
        ]


class TestScripts:
    async def test_an_event_of_a_script_carries_its_chain_and_goes_on_from_it(self, incidents, make):
        run = make.stored_run("sam", chain=("i-1", "i-2"), trigger="RESPONSE")
        script = await incidents.as_script_of(run)

        answer = await script.post("/forms/f-alert/triggers", json={})

        [event] = await events(incidents)
        assert (event.chain, event.via) == (("i-1", "i-2"), "script")
        assert answer.json()["requestId"] != run.id
        [further] = [each for each in await runs(incidents) if each.id != run.id]
        assert (further.chain, further.initiator.id) == (("i-1", "i-2", "i-STATUS"), "sam")

    async def test_a_circle_is_refused_and_shown_while_the_event_is_made(self, incidents, make):
        run = make.stored_run("sam", chain=("i-STATUS",))
        script = await incidents.as_script_of(run)

        assert (await script.post("/forms/f-alert/triggers", json={})).status_code == 202

        [denied] = [each for each in await runs(incidents) if each.id != run.id]
        assert denied.state is RunState.DENIED
        assert incidents.set_off == []

    async def test_an_event_of_an_inbound_script_is_found_by_what_its_caller_was_told(self, incidents, make):
        integration = make.inbound("alerts")
        await incidents.do(lambda tx: make.put_integration(tx, integration))
        run = make.inbound_run("sam", integration)
        script = await incidents.as_script_of(run)

        answer = await script.post("/forms/f-alert/triggers", json={})

        assert answer.json() == {"requestId": run.id}
        found = (await (await incidents.as_("sam")).get(f"/events?requestId={run.id}")).json()
        assert [each["requestId"] for each in found["data"]] == [run.id]
        [event] = await events(incidents)
        assert (event.via, event.chain) == ("inbound", (integration.id,))

    async def test_an_event_of_a_scheduled_script_says_so_whatever_the_form_allows(self, incidents, make):
        integration = make.inbound("alerts")
        await incidents.do(lambda tx: make.put_integration(tx, integration))
        run = replace(make.inbound_run("sam", integration), trigger="schedule")
        script = await incidents.as_script_of(run)

        answer = await script.post("/forms/f-alert/triggers", json={})

        assert (answer.status_code, answer.json()) == (202, {"requestId": run.id})
        [event] = await events(incidents)
        assert (event.via, event.submitter_name, event.chain) == ("schedule", "sam", (integration.id,))

    @pytest.mark.parametrize(
        ("more", "status"),
        [
            ({}, 202),
            ({"action": "CREATE_EVENT_SIMPLE"}, 202),
            ({"action": "RUN_SCRIPT"}, 403),
            ({"form_id": "f-other"}, 403),
        ],
    )
    async def test_an_inbound_integration_is_a_way_of_its_own_to_its_form(
        self, incidents, make, more, status
    ):
        integration = make.inbound("alerts", **more)
        closed = replace(make.form, start=frozenset({"ui"}))
        await incidents.do(
            lambda tx: tx.forms.put(closed),
            lambda tx: tx.forms.put(replace(closed, id="f-other", name="other")),
            lambda tx: make.put_integration(tx, integration),
        )
        script = await incidents.as_script_of(make.inbound_run("sam", integration))

        assert (await script.post("/forms/f-alert/triggers", json={})).status_code == status

    async def test_the_way_of_an_integration_needs_sender_permission_all_the_same(self, incidents, make):
        integration = make.inbound("alerts")
        await incidents.do(lambda tx: make.put_integration(tx, integration))
        script = await incidents.as_script_of(make.inbound_run("dev", integration))

        assert (await script.post("/forms/f-alert/triggers", json={})).status_code == 403

    async def test_a_script_does_not_start_a_form_as_the_app_does(self, incidents):
        answer = await sent(incidents, "sam", path=f"{PRESENT[1]}?way=mobile")

        assert answer.status_code == 400
        assert answer.json()["message"] == (
            "The way field contains an invalid value: mobile. It must be api for a script."
        )


class TestWays:
    @pytest.mark.parametrize("way", ["api", "mobile", "ui"])
    async def test_a_person_starts_a_form_by_the_ways_that_it_allows(self, incidents, make, way):
        sam = await incidents.with_password("sam")
        query = "" if way == "api" else f"?way={way}"

        assert (await sam.post(f"/forms/f-alert/triggers{query}", json={})).status_code == 202
        [event] = await events(incidents)
        assert event.via == way
        await incidents.do(lambda tx: tx.forms.put(replace(make.form, start=make.form.start - {way})))
        assert (await sam.post(f"/forms/f-alert/triggers{query}", json={})).status_code == 403

    @pytest.mark.parametrize(("way", "status"), [("api", 202), ("mobile", 403), ("ui", 403)])
    async def test_page_and_app_are_for_who_may_sign_in(self, incidents, make, way, status):
        await incidents.do(
            lambda tx: tx.plans.put(replace(make.plan, access=EVERYBODY)),
            lambda tx: tx.forms.put(replace(make.form, senders=EVERYBODY)),
        )
        otto = await incidents.with_password("otto")

        assert (await otto.post(f"/forms/f-alert/triggers?way={way}", json={})).status_code == status

    async def test_the_page_starts_a_form_in_the_same_process(self, incidents, make):
        started = await incidents.platform.forms.start_form(
            make.person("sam").id, "f-alert", FormContent(recipients=("rita", "nobody")), way="ui"
        )

        [event] = await events(incidents)
        assert (started.request_id, started.event_id, started.number) == (
            event.request_id,
            event.id,
            event.number,
        )
        assert (event.via, event.submitter_name, event.recipients) == ("ui", "sam", ("rita",))
        assert (started.left_out, started.again) == (("nobody",), False)
        assert incidents.set_off == [run.id for run in await runs(incidents)]

    async def test_the_page_is_told_what_is_refused_what_is_wrong_and_what_is_not_there(
        self, incidents, make
    ):
        start = incidents.platform.forms.start_form
        sam, dev = make.person("sam").id, make.person("dev").id

        refused = await start(dev, "f-alert", FormContent(), way="ui")
        assert isinstance(refused, Denial)
        assert refused.needs == ('sender permission on form "alert"',)
        assert await start(sam, "f-none", FormContent(), way="ui") is None
        with pytest.raises(PayloadInvalid) as told:
            await start(sam, "f-alert", FormContent(properties={"number": {}}), way="ui")
        assert str(told.value) == (
            "The properties/number field contains an invalid value. "
            "Must be a text, a number, a boolean, or a list."
        )
        assert await events(incidents) == []


@pytest.mark.parametrize("path", [*PRESENT, OLDER])
async def test_the_same_request_again_starts_nothing_and_is_answered_as_before(incidents, path):
    name = "targetName" if path == OLDER else "id"
    body = {"properties": {"Text": "gaps"}, "recipients": [{name: "rita"}, {name: "nobody"}]}
    key = {"headers": {"Idempotency-Key": "order-1"}}

    answers = [await sent(incidents, "sam", body, path, **key) for _ in range(2)]
    at_once = await asyncio.gather(
        *(sent(incidents, "sam", body, path, headers={"Idempotency-Key": "order-2"}) for _ in range(5))
    )

    assert answers[0].status_code in (200, 202)
    assert (answers[1].status_code, answers[1].json()) == (answers[0].status_code, answers[0].json())
    assert len({each.text for each in at_once}) == 1
    assert len(await events(incidents)) == 2


async def test_a_key_belongs_to_one_request_of_one_person_with_one_form(incidents):
    key = {"headers": {"Idempotency-Key": "order-1"}}
    first = await sent(incidents, "sam", {"properties": {"Text": "one"}}, **key)
    other = await sent(incidents, "sam", {"properties": {"Text": "two"}}, **key)
    wrong = await sent(incidents, "sam", {}, headers={"Idempotency-Key": "x" * 256})

    [event] = await events(incidents)
    assert first.status_code == 202
    assert (other.status_code, other.json()["message"]) == (
        422,
        f"The same key came before with other content, which started event {event.number}. "
        "A new request has a new key.",
    )
    assert (wrong.status_code, wrong.json()["message"]) == (
        400,
        "An Idempotency-Key is one header of 1 to 255 printable ASCII characters.",
    )


async def test_a_key_whose_event_is_gone_starts_no_other(incidents):
    key = {"headers": {"Idempotency-Key": "order-1"}}
    await sent(incidents, "sam", {}, **key)
    [event] = await events(incidents)
    await incidents.database.write(lambda tx: tx.events.delete(event.id))

    again = await sent(incidents, "sam", {}, **key)

    assert (again.status_code, again.json()["message"]) == (
        422,
        "The same key came before, and the event that it started is not there any more. A new request has a "
        "new key.",
    )
    assert await events(incidents) == []
