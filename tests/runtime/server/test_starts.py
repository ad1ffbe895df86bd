"""Starts of forms over /api/v1: by the page, by the app, and by messages of a mail gateway."""

from dataclasses import replace

import pytest

from deputize.domain.keys import StoredPassword
from deputize.domain.person import Person, Role

pytestmark = pytest.mark.anyio

MAIL = b"From: stan@example.org\r\nTo: incidents+alert@x.example\r\nMessage-ID: <1@x>\r\n\r\nThe disk is full.\r\n"


@pytest.fixture
async def gateway(bench):
    """A deployment with a mail gateway, and a form that messages start."""

    async def work(tx):
        await tx.roles.put(Role(name="Gateway", functions=frozenset({"login", "email"})))
        await tx.people.put(Person(id="id-of-gate", target_name="gate", roles=frozenset({"Gateway"})))
        await tx.passwords.put(
            StoredPassword(
                person_id="id-of-gate", hash=bench.hash.hash(b"password of gate"), changed=bench.clock()
            )
        )
        stan = await tx.people.by_name("stan")
        await tx.people.put(replace(stan, email="stan@example.org"))
        form = await tx.forms.get("alert")
        await tx.forms.put(replace(form, start=form.start | {"email"}))

    await bench.database.write(work)
    return bench


async def events(bench):
    return await bench.database.read(lambda tx: tx.events.all())


async def hand_over(bench, content=MAIL, *, name="gate", kind="message/rfc822", query=""):
    return await bench.client(name).post(
        f"/api/v1/email{query}", content=content, headers={"Content-Type": kind}
    )


class TestMessages:
    async def test_a_message_starts_an_event_of_its_sender(self, gateway):
        answer = await hand_over(gateway)

        [event] = await events(gateway)
        assert (answer.status_code, answer.json()) == (
            201,
            {
                "id": event.id,
                "number": event.number,
                "request_id": event.request_id,
                "left_out": [],
                "initiator": "stan",
                "form": "Incidents/alert",
                "attachments": [],
            },
        )
        assert (event.submitter_name, event.via) == ("stan", "email")
        assert "idempotency-replayed" not in answer.headers

    async def test_the_same_message_again_is_answered_as_the_first_time(self, gateway):
        first = await hand_over(gateway)
        again = await hand_over(gateway)

        assert (again.status_code, again.json()) == (201, first.json())
        assert again.headers["idempotency-replayed"] == "true"
        assert len(await events(gateway)) == 1

    async def test_the_gateway_and_its_address_are_in_the_audit_stream(self, gateway):
        await hand_over(gateway)

        [started, *_] = await gateway.database.read(lambda tx: tx.audit.page(limit=10))
        assert (started.actor, started.action, started.target, started.source) == (
            "gate",
            "email.started",
            "user:stan",
            "192.0.2.1",
        )

    @pytest.mark.parametrize(
        ("content", "query", "status", "code"),
        [
            (MAIL.replace(b"stan@", b"eve@"), "", 403, "SENDER_UNKNOWN"),
            (MAIL.replace(b"alert@", b"none@"), "", 404, "FORM_UNKNOWN"),
            (MAIL, "?form=payroll/pay", 403, "NOT_PERMITTED"),
            (MAIL, "?form=none", 404, "FORM_UNKNOWN"),
            (b"", "", 422, "MESSAGE_INVALID"),
            (b"x" * (1024 * 1024 + 1), "", 413, "BODY_TOO_LARGE"),
        ],
        ids=["sender", "form", "plan", "named form", "message", "size"],
    )
    async def test_what_starts_nothing_says_why(self, gateway, content, query, status, code):
        answer = await hand_over(gateway, content, query=query)

        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert await events(gateway) == []

    async def test_an_unknown_sender_is_told_by_address_and_no_person_is_named(self, gateway):
        answer = await hand_over(gateway, MAIL.replace(b"stan@", b"Eve@"))

        assert answer.json()["detail"] == (
            "The message is from eve@example.org, an address that no active user has. Nothing was started. "
            "It must be the address of one user, set by themselves or by somebody who administers people."
        )

    @pytest.mark.parametrize("kind", ["application/json", "text/plain", ""])
    async def test_a_message_comes_as_what_it_is(self, gateway, kind):
        answer = await hand_over(gateway, kind=kind)

        assert (answer.status_code, answer.json()["code"]) == (415, "MEDIA_TYPE_REFUSED")

    @pytest.mark.parametrize("name", ["ann", "stan"])
    async def test_who_may_not_hand_over_is_told_what_is_missing(self, gateway, name):
        answer = await hand_over(gateway, name=name)

        assert (answer.status_code, answer.json()["needs"]) == (403, ["function email"])


class TestPageAndApp:
    @pytest.mark.parametrize("way", ["ui", "mobile"])
    async def test_a_form_is_started_by_whoever_has_signed_in(self, bench, way):
        answer = await bench.client("stan").post(
            "/api/v1/forms/alert/events",
            json={
                "way": way,
                "properties": {"Number": "INC1", "Sure": True},
                "recipients": ["stan", "nobody"],
                "priority": "HIGH",
            },
        )

        [event] = await events(bench)
        assert (answer.status_code, answer.json()) == (
            201,
            {"id": event.id, "number": event.number, "request_id": event.request_id, "left_out": ["nobody"]},
        )
        assert (event.via, event.submitter_id, event.priority) == (way, "id-of-stan", "HIGH")
        assert (event.properties, event.recipients) == ({"Number": "INC1", "Sure": True}, ("stan",))

    async def test_a_form_may_be_started_by_the_ways_that_it_has(self, bench):
        form = await bench.database.read(lambda tx: tx.forms.get("alert"))
        await bench.database.write(lambda tx: tx.forms.put(replace(form, start=frozenset({"mobile"}))))

        statuses = {
            way: await bench.client("stan").post("/api/v1/forms/alert/events", json={"way": way})
            for way in ("ui", "mobile")
        }

        assert {way: each.status_code for way, each in statuses.items()} == {"ui": 403, "mobile": 201}
        assert statuses["ui"].json()["needs"] == ['form "alert" to be startable by ui']

    @pytest.mark.parametrize(
        ("body", "error"),
        [
            ({"way": "api"}, {"pointer": "/way", "detail": "Input should be 'ui' or 'mobile'."}),
            ({"way": "email"}, {"pointer": "/way", "detail": "Input should be 'ui' or 'mobile'."}),
            ({"initiator": "ann"}, {"pointer": "/initiator", "detail": "Extra inputs are not permitted."}),
            (
                {"properties": {"x": {"y": 1}}},
                {
                    "pointer": "",
                    "detail": "The properties/x field contains an invalid value. "
                    "Must be a text, a number, a boolean, or a list.",
                },
            ),
        ],
    )
    async def test_what_cannot_be_sent_is_refused_with_its_place(self, bench, body, error):
        answer = await bench.client("stan").post("/api/v1/forms/alert/events", json=body)

        assert (answer.status_code, answer.json()["errors"]) == (422, [error])
        assert await events(bench) == []

    async def test_a_form_that_is_not_there_is_not_found(self, bench):
        answer = await bench.client("stan").post("/api/v1/forms/none/events", json={})

        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")
