"""Starts a form with a message, in the name of its sender.

Theory of operation. ``From`` proves nothing: whoever hands a message over answers for it. So that takes a
function of its own, and every message that was handed over is in the audit stream, with who did it. From
then on the sender counts and nobody else: the form is started as that person, who needs what a form always
needs, and the event is theirs. The sender is one active person or the message is refused; no account, and
no more than one, is guessed.
"""

import asyncio
import hashlib
import json
from dataclasses import dataclass

from deputize.authorisation import decide_function
from deputize.domain.decision import Denial
from deputize.domain.functions import EMAIL
from deputize.domain.person import Person
from deputize.domain.plan import Form, Plan
from deputize.errors import PayloadInvalid, Refused, shown
from deputize.inbound.mail.content import MailContent, content_of
from deputize.inbound.mail.errors import MessageInvalid
from deputize.inbound.mail.form_address import FormAddress, folded, form_address
from deputize.inbound.mail.message import MailMessage, read_message
from deputize.platform.interface import FormContent, FormStarted, FormStarter, OneRequest
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize.use_cases.errors import FormUnknown, NotPermitted, SenderUnknown, require


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedByEmail:
    """An event that a message has started."""

    started: FormStarted
    #: The name of the sender's account.
    initiator: str
    #: ``PLAN/FORM``.
    form: str
    #: What else the message held, and is not kept.
    attachments: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gateway:
    """Who hands a message over, and what takes it."""

    database: Database
    actor: Actor
    starter: FormStarter


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meant:
    """As whom a message starts which form."""

    person: Person
    form: Form
    plan: Plan

    @property
    def form_name(self) -> str:
        return f"{self.plan.name}/{self.form.name}"


async def start_by_email(
    database: Database, actor: Actor, *, starter: FormStarter, message: bytes, form: str | None = None
) -> StartedByEmail:
    """Start the form that *message* is addressed to, or *form*: ``PLAN/FORM`` or an id.

    The same message again starts nothing and returns the first event. Raises ``MessageInvalid``,
    ``SenderUnknown``, ``FormUnknown``, ``NotPermitted`` and ``RequestReused``; each but a missing right of
    the actor is in the audit stream.
    """

    async def may(tx: Transaction) -> None:
        require(decide_function(await actor.standing(tx), EMAIL, what="hand messages over"))

    await database.read(may)
    try:
        # It may take a tenth of a second, in which the server does other things.
        mail = await asyncio.to_thread(read_message, message)
        content = content_of(mail)
    except MessageInvalid as error:
        await _note_refused(database, actor, error, sender="unknown")
        raise
    gateway = _Gateway(database=database, actor=actor, starter=starter)
    try:
        return await _start(gateway, mail, content, form)
    except Refused as error:
        await _note_refused(database, actor, error, sender=mail.sender)
        raise


async def _start(
    gateway: _Gateway, mail: MailMessage, content: MailContent, form: str | None
) -> StartedByEmail:
    meant = await gateway.database.read(lambda tx: _meant(tx, mail, form))
    try:
        started = await gateway.starter.start_form(
            meant.person.id,
            meant.form.id,
            FormContent(
                properties=content.properties, recipients=content.recipients, priority=content.priority
            ),
            way="email",
            request=_request(mail),
        )
    except PayloadInvalid as error:
        raise MessageInvalid(str(error)) from None
    if started is None:
        raise FormUnknown(f'The form "{meant.form_name}" is not there any more.')
    if isinstance(started, Denial):
        raise NotPermitted(started)
    if not started.again:
        detail = {"form": meant.form_name, "event": started.number, "address": mail.sender}
        target = f"user:{meant.person.target_name}"
        await gateway.database.write(lambda tx: note(tx, gateway.actor, "email.started", target, **detail))
    return StartedByEmail(
        started=started,
        initiator=meant.person.target_name,
        form=meant.form_name,
        attachments=mail.attachments,
    )


async def _note_refused(database: Database, actor: Actor, error: Refused, *, sender: str) -> None:
    target = f"email:{shown(sender)}"
    await database.write(
        lambda tx: note(tx, actor, "email.refused", target, code=error.code, reason=str(error))
    )


async def _meant(tx: Transaction, mail: MailMessage, form: str | None) -> _Meant:
    people = [each for each in await tx.people.with_email(mail.sender) if each.active]
    if len(people) != 1:
        why = "several active users have" if people else "no active user has"
        raise SenderUnknown(
            f"The message is from {shown(mail.sender)}, an address that {why}. "
            "Nothing was started. It must be the address of one user, set by themselves or by somebody who "
            "administers people."
        )
    found = await (_addressed(tx, mail.addresses) if form is None else _named(tx, form))
    return _Meant(person=people[0], form=found[0], plan=found[1])


async def _named(tx: Transaction, key: str) -> tuple[Form, Plan]:
    form = await tx.forms.get(key)
    plan_name, slash, name = key.rpartition("/")
    plan = await (tx.plans.get(form.plan_id) if form is not None else tx.plans.find(plan_name))
    if form is None and plan is not None and slash:
        form = await tx.forms.find(plan.id, name)
    if form is None or plan is None:
        raise FormUnknown(f'There is no form "{shown(key)}". Name it PLAN/FORM, or by its id.')
    return form, plan


async def _addressed(tx: Transaction, addresses: tuple[str, ...]) -> tuple[Form, Plan]:
    """Return the form that the first of *addresses* names which names any."""
    wanted = [named for named in map(form_address, addresses) if named is not None]
    if not wanted:
        raise FormUnknown(
            "The message was sent to no address of a form. Send it to PLAN+FORM@…, or name the form."
        )
    forms = [(form, plan) for plan in await tx.plans.all() for form in await tx.forms.of_plan(plan.id)]
    for each in wanted:
        found = [
            (form, plan)
            for form, plan in forms
            if each == FormAddress(plan=folded(plan.name), form=folded(form.name))
        ]
        if len(found) > 1:
            raise FormUnknown(
                f'More than one form goes by "{each.plan}+{each.form}@". Name the form PLAN/FORM.'
            )
        if found:
            return found[0]
    first = wanted[0]
    raise FormUnknown(f'No form goes by "{shown(first.plan)}+{shown(first.form)}@". Correct the address.')


def _request(mail: MailMessage) -> OneRequest | None:
    """Return by what the message is known when it comes again; None where it has no Message-ID."""
    if not mail.message_id:
        return None
    return OneRequest(
        key=f"email:{hashlib.sha256(mail.message_id.encode()).hexdigest()}",
        content_hash=hashlib.sha256(json.dumps([mail.subject, mail.text]).encode()).hexdigest(),
    )
