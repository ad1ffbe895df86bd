"""Opens, recognises and ends the sessions of people who sign in to the page.

A session lasts for a week at the longest, and for a day without being used. It holds no right: who comes with
it is judged by the present, at every request, and so it is over at once when the person may not log in any
more, is disabled or deleted, or has another password.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from deputize.authorisation import decide_login
from deputize.domain.decision import Denial
from deputize.domain.person import Person
from deputize.domain.session import Session
from deputize.domain.standing import Standing
from deputize.errors import StoreUnavailable
from deputize.store import Database, Transaction
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize.use_cases.errors import NotPermitted, require

LONGEST: Final = timedelta(days=7)
UNUSED: Final = timedelta(hours=24)
#: A session that is used is written so often, and no more.
_WRITTEN_AFTER: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Somebody who has signed in, as they are now."""

    actor: Actor
    person: Person
    standing: Standing
    #: The hash of the token of their session.
    session: str


async def open_session(database: Database, actor: Actor, *, hashed: str, former: str | None) -> None:
    """Open a session of *actor*, who has just proved who they are; it takes the place of *former*.

    *hashed* stands for its token. Raises ``NotPermitted`` for who may not log in.
    """

    async def work(tx: Transaction) -> None:
        require(decide_login(await actor.standing(tx), what="sign in"))
        if former is not None:
            await tx.sessions.delete(former)
        await tx.sessions.add(
            Session(
                hash=hashed,
                person_id=actor.subject,
                password_changed=actor.password_changed,
                source=actor.source,
                created=tx.now,
                used=tx.now,
            )
        )
        await note(tx, actor, "session.opened", f"user:{actor.name}")

    await database.write(work)


async def find_session(database: Database, *, hashed: str, source: str) -> SignedIn | None:
    """Return whose session has a token of that hash, while it holds; *source* is where they come from now."""

    async def look(tx: Transaction) -> tuple[SignedIn | None, bool]:
        session = await tx.sessions.get(hashed)
        if session is None or is_over(session, tx.now):
            return None, False
        return await _recognised(tx, session, source), tx.now - session.used >= _WRITTEN_AFTER

    signed_in, due = await database.read(look)
    if signed_in is not None and due:
        # A database without room is still read: there the session lasts from the last time that was kept.
        with suppress(StoreUnavailable):
            await database.write(lambda tx: tx.sessions.use(hashed, tx.now))
    return signed_in


async def end_session(database: Database, signed_in: SignedIn) -> None:
    """End the session of *signed_in*: its token is no good from the next request on."""

    async def work(tx: Transaction) -> None:
        if await tx.sessions.delete(signed_in.session):
            await note(tx, signed_in.actor, "session.ended", f"user:{signed_in.actor.name}")

    await database.write(work)


def is_over(session: Session, now: datetime) -> bool:
    """Return whether *session* has ended by itself."""
    return now >= session.created + LONGEST or now >= session.used + UNUSED


async def delete_ended_sessions(tx: Transaction) -> None:
    """Remove the sessions that have ended by themselves."""
    await tx.sessions.delete_old(opened_before=tx.now - LONGEST, unused_since=tx.now - UNUSED)


async def _recognised(tx: Transaction, session: Session, source: str) -> SignedIn | None:
    person = await tx.people.get(session.person_id)
    if person is None:
        return None
    actor = Actor(
        subject=person.id,
        name=person.target_name,
        source=source,
        password_changed=session.password_changed,
    )
    try:
        standing = await actor.standing(tx)
    except NotPermitted:
        return None
    if isinstance(decide_login(standing, what="sign in"), Denial):
        return None
    return SignedIn(actor=actor, person=person, standing=standing, session=session.hash)
