"""Starts a form for whoever has signed in, as the page and the app do."""

from typing import Literal, TypeAlias

from deputize.authorisation import decide_login
from deputize.domain.decision import Denial
from deputize.errors import PayloadInvalid
from deputize.platform.interface import FormContent, FormStarted, FormStarter
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.errors import Fault, Invalid, NotFound, NotPermitted, require

#: The ways of people who sign in.
SignedInWay: TypeAlias = Literal["ui", "mobile"]


async def start_form(
    database: Database,
    actor: Actor,
    *,
    starter: FormStarter,
    form_id: str,
    content: FormContent,
    way: SignedInWay,
) -> FormStarted:
    """Start the form of that id by *way*: an event begins, whose initiator is the actor."""

    async def work(tx: Transaction) -> None:
        require(decide_login(await actor.standing(tx), what="start forms"))

    await database.read(work)
    try:
        started = await starter.start_form(actor.subject, form_id, content, way=way)
    except PayloadInvalid as error:
        raise Invalid(Fault(pointer="", detail=str(error))) from None
    if started is None:
        raise NotFound("form", form_id)
    if isinstance(started, Denial):
        raise NotPermitted(started)
    return started
