"""A message starts a form as its sender, who may do what they may do, and nobody else."""

import asyncio
from dataclasses import replace

import pytest

from deputize.domain.device import Device
from deputize.domain.person import Person, Role
from deputize.domain.plan import Access
from deputize.errors import Refused
from deputize.platform.embedded.commits import Commits
from deputize.platform.embedded.form_starts import FormStarts
from deputize.use_cases.actor import Actor
from deputize.use_cases.start_by_email import start_by_email

pytestmark = pytest.mark.anyio

MAIL = b"""From: Stan <stan@example.org>
To: incidents+alert@alerts.example.org
Subject: Disk
Message-ID: <1@mx.example.org>

Number: INC1
Recipients: rob, nobody

The disk is full.
"""


class Gateway:
    """A mail gateway, and what it is told."""

    def __init__(self, office):
        self.office = office
        self.set_off = []
        self.starter = FormStarts(office.database, on_run=self.set_off.append, commits=Commits())

    async def hand_over(self, message=MAIL, *, actor=None, form=None):
        return await start_by_email(
            self.office.database,
            actor or self.office.as_("gate"),
            starter=self.starter,
            message=message,
            form=form,
        )

    async def refused(self, message=MAIL, **more):
        """Return code and sentence of the refusal, which started nothing."""
        before = await self.events()
        with pytest.raises(Refused) as told:
            await self.hand_over(message, **more)
        assert await self.events() == before
        return told.value.code, str(told.value)

    async def events(self):
        return await self.office.read(lambda tx: tx.events.all())


@pytest.fixture
async def gateway(office):
    async def work(tx):
        await tx.roles.put(Role(name="Mail gateway", functions=frozenset({"login", "email"})))
        await tx.roles.put(
            Role(name="Standard", functions=frozenset({"login"}), on={"REST": frozenset({"Use"})})
        )
        await tx.people.put(Person(id="id-of-gate", target_name="gate", roles=frozenset({"Mail gateway"})))
        await tx.forms.put(replace(await tx.forms.get("f1"), start=frozenset({"email"})))

    await office.write(work)
    for name in ("stan", "rob", "dev"):
        await office.change_person(name, email=f"{name}@example.org")
    return Gateway(office)


async def test_a_message_starts_the_form_it_is_addressed_to_as_its_sender(gateway):
    event = await gateway.hand_over()

    [kept] = await gateway.events()
    assert (event.started.event_id, event.started.number) == (kept.id, kept.number)
    assert (event.initiator, event.form, event.started.left_out) == ("stan", "Incidents/alert", ("nobody",))
    assert (kept.submitter_id, kept.submitter_name, kept.via) == ("id-of-stan", "stan", "email")
    assert (kept.form_id, kept.plan_id, kept.recipients, kept.scope) == ("f1", "p1", ("rob",), None)
    assert kept.properties == {"Subject": "Disk", "Body": "The disk is full.", "Number": "INC1"}


async def test_what_the_event_sets_off_runs_as_the_sender(gateway):
    await gateway.office.change_integration("on-response", callback="STATUS")

    await gateway.hand_over()

    [run] = await gateway.office.read(lambda tx: tx.runs.page(limit=10))
    assert (run.initiator.id, run.initiator.subject, run.initiator.via) == ("stan", "id-of-stan", "email")
    assert gateway.set_off == [run.id]


async def test_who_handed_it_over_is_in_the_audit_stream(gateway):
    event = await gateway.hand_over()

    assert await gateway.office.audit() == [
        (
            "gate",
            "email.started",
            "user:stan",
            {"form": "Incidents/alert", "event": event.started.number, "address": "stan@example.org"},
        )
    ]


async def test_the_same_message_again_starts_nothing(gateway):
    first = await gateway.hand_over()
    again = await gateway.hand_over(MAIL.replace(b"To:", b"Received: by b\nTo:"))

    assert (again.started.event_id, again.started.again) == (first.started.event_id, True)
    assert len(await gateway.events()) == 1
    assert len(await gateway.office.audit()) == 1


async def test_the_same_message_many_times_at_once_starts_one_event(gateway):
    done = await asyncio.gather(*(gateway.hand_over() for _ in range(6)))

    assert len({each.started.event_id for each in done}) == 1
    assert [each.started.again for each in done].count(False) == 1
    assert len(await gateway.events()) == 1


async def test_another_message_under_the_same_id_is_refused(gateway):
    event = await gateway.hand_over()

    assert await gateway.refused(MAIL.replace(b"full", b"empty")) == (
        "IDEMPOTENCY_KEY_REUSED",
        f"The same key came before with other content, which started event {event.started.number}. "
        "A new request has a new key.",
    )


@pytest.mark.parametrize(
    "change",
    [
        (b"stan@", b"dev@"),
        (b"Message-ID: <1@", b"Message-ID: <2@"),
        (b"incidents+alert", b"incidents+notice"),
    ],
)
async def test_of_another_sender_id_or_form_it_is_another_message(gateway, change):
    await gateway.office.write(lambda tx: _startable(tx, "f2"))
    await gateway.hand_over()

    other = await gateway.hand_over(MAIL.replace(*change))

    assert not other.started.again
    assert len(await gateway.events()) == 2


async def test_without_an_id_each_message_is_one_of_its_own(gateway):
    without = MAIL.replace(b"Message-ID: <1@mx.example.org>\n", b"")
    await gateway.hand_over(without)
    await gateway.hand_over(without)

    assert len(await gateway.events()) == 2


UNKNOWN = (
    "The message is from {}, an address that {}. "
    "Nothing was started. It must be the address of one user, set by themselves or by somebody who administers people."
)


async def test_a_sender_who_is_nobody_is_refused_and_audited(gateway):
    told = UNKNOWN.format("eve@example.net", "no active user has")

    assert await gateway.refused(MAIL.replace(b"stan@example.org", b"Eve@example.net")) == (
        "SENDER_UNKNOWN",
        told,
    )
    assert await gateway.office.audit() == [
        ("gate", "email.refused", "email:eve@example.net", {"code": "SENDER_UNKNOWN", "reason": told})
    ]


async def test_a_sender_who_may_be_two_people_is_neither_of_them(gateway):
    await gateway.office.change_person("rob", email="STAN@example.org")

    code, told = await gateway.refused()

    assert (code, told) == ("SENDER_UNKNOWN", UNKNOWN.format("stan@example.org", "several active users have"))
    assert "rob" not in told


async def test_a_disabled_sender_is_nobody(gateway):
    await gateway.office.change_person("stan", status="INACTIVE")

    assert (await gateway.refused())[0] == "SENDER_UNKNOWN"


async def test_the_address_of_a_device_is_nobodys(gateway):
    device = Device(id="d", owner_id="id-of-stan", name="Home", type="EMAIL", address="Home@Example.net")
    await gateway.office.write(lambda tx: tx.devices.put(device))

    assert (await gateway.refused(MAIL.replace(b"stan@example.org", b"home@example.net")))[
        0
    ] == "SENDER_UNKNOWN"


async def test_an_address_that_is_not_vouched_for_is_nobodys(gateway):
    await gateway.office.change_person("stan", vouched=False)

    assert (await gateway.refused())[0] == "SENDER_UNKNOWN"


@pytest.mark.parametrize(
    ("plan", "form", "need"),
    [
        ({"access": Access()}, {}, 'access to plan "Incidents"'),
        ({"enabled": False}, {}, 'plan "Incidents" to be enabled'),
        ({}, {"senders": Access()}, 'sender permission on form "alert"'),
        ({}, {"start": frozenset({"ui", "api", "mobile"})}, 'form "alert" to be startable by email'),
    ],
)
async def test_the_sender_needs_what_a_form_always_needs(gateway, plan, form, need):
    await gateway.office.change_plan("Incidents", **plan)

    async def change(tx):
        await tx.forms.put(replace(await tx.forms.get("f1"), **form))

    await gateway.office.write(change)
    with pytest.raises(Refused) as told:
        await gateway.hand_over()

    assert (told.value.code, told.value.denial.needs) == ("NOT_PERMITTED", (need,))
    assert await gateway.events() == []
    [(who, action, target, detail)] = await gateway.office.audit()
    assert (who, action, target) == ("gate", "email.refused", "email:stan@example.org")
    assert detail == {"code": "NOT_PERMITTED", "reason": str(told.value)}


async def test_who_cannot_sign_in_may_send_messages(gateway):
    assert (await gateway.hand_over(MAIL.replace(b"stan@", b"rob@"))).initiator == "rob"


@pytest.mark.parametrize("form", ["f1", "Incidents/alert", "p1/alert"])
async def test_a_form_that_is_named_goes_before_the_addresses(gateway, form):
    event = await gateway.hand_over(MAIL.replace(b"incidents+alert", b"payroll+pay"), form=form)

    assert event.form == "Incidents/alert"


async def test_the_first_address_that_names_a_form_is_the_one(gateway):
    event = await gateway.hand_over(MAIL.replace(b"To: ", b"To: dana+lists@x.example, <a@b.example>, "))

    assert event.form == "Incidents/alert"


@pytest.mark.parametrize(
    ("to", "form", "told"),
    [
        (
            b"alerts@example.org",
            None,
            "The message was sent to no address of a form. Send it to PLAN+FORM@…, or name the form.",
        ),
        (b"incidents+none@x.example", None, 'No form goes by "incidents+none@". Correct the address.'),
        (
            b"x@y.example",
            "Incidents/none",
            'There is no form "Incidents/none". Name it PLAN/FORM, or by its id.',
        ),
        (b"x@y.example", "alert", 'There is no form "alert". Name it PLAN/FORM, or by its id.'),
    ],
)
async def test_a_form_that_is_not_there_is_refused(gateway, to, form, told):
    message = MAIL.replace(b"incidents+alert@alerts.example.org", to)

    assert await gateway.refused(message, form=form) == ("FORM_UNKNOWN", told)


async def test_two_forms_that_an_address_cannot_tell_apart_are_refused(gateway):
    async def twin(tx):
        await tx.forms.put(replace(await tx.forms.get("f1"), id="f9", name="Alert!"))

    await gateway.office.write(twin)

    assert await gateway.refused() == (
        "FORM_UNKNOWN",
        'More than one form goes by "incidents+alert@". Name the form PLAN/FORM.',
    )


async def test_what_no_event_can_hold_is_refused_with_the_place(gateway):
    assert await gateway.refused(MAIL + b"x" * 21_000) == (
        "MESSAGE_INVALID",
        "The properties/Body field contains an invalid value. "
        "Exceeded the specified maximum number of characters.",
    )


async def test_what_is_no_message_is_audited_without_a_sender(gateway):
    assert (await gateway.refused(b"garbage"))[0] == "MESSAGE_INVALID"
    assert [each[:3] for each in await gateway.office.audit()] == [("gate", "email.refused", "email:unknown")]


@pytest.mark.parametrize("name", ["ann", "sue", "iris", "dev", "stan", "rob"])
async def test_nobody_else_hands_messages_over_an_administrator_neither(gateway, name):
    with pytest.raises(Refused) as told:
        await gateway.hand_over(actor=gateway.office.as_(name))

    assert told.value.code == "NOT_PERMITTED"
    assert "function email" in told.value.denial.needs
    assert await gateway.events() == []


async def test_the_operator_hands_messages_over(gateway):
    event = await gateway.hand_over(actor=Actor.operator())

    assert event.initiator == "stan"
    assert [each[:2] for each in await gateway.office.audit()] == [("operator", "email.started")]


async def _startable(tx, form_id):
    await tx.forms.put(replace(await tx.forms.get(form_id), start=frozenset({"email"})))
