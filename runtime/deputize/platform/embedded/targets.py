"""Whom an event is sent to: those who were named, and those whom named groups have on call."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from deputize.domain.group import Group
from deputize.domain.on_call import occurrences
from deputize.domain.recipient import EventRecipient, RecipientType
from deputize.platform.embedded.whom import Whom, find_whom, whom_of
from deputize.store import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Somebody who was named as a recipient, by id or name."""

    key: str
    #: None: of whatever type.
    type: RecipientType | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """Who is told, and the names of those who are not: nobody has them, or they may not be sent to."""

    recipients: tuple[EventRecipient, ...]
    dropped: tuple[str, ...]


async def resolve(tx: Transaction, targets: Sequence[Target], *, may: Callable[[Whom], bool]) -> Targets:
    """Return whom *targets* stand for at this moment; *may* says to whom something may be sent.

    A group stands for those who are on call in it, whoever they are: who may send to it sends to them.
    """
    named: list[Whom] = []
    dropped = []
    for target in targets:
        whom = await find_whom(tx, target.key, type=target.type)
        if whom is None or not whom.active or not may(whom):
            dropped.append(target.key)
        else:
            named.append(whom)
    recipients = {(each.type, each.id): each.as_recipient(targeted=True) for each in named}
    for each in named:
        if each.group is not None:
            async for told in _on_call(tx, each.group, set()):
                recipients.setdefault((told.type, told.id), told.as_recipient(targeted=False))
    return Targets(recipients=tuple(recipients.values()), dropped=tuple(dropped))


async def _on_call(tx: Transaction, group: Group, seen: set[str]) -> AsyncIterator[Whom]:
    """Return the people and devices that are on call in *group* now, those of its groups included."""
    if group.id in seen:
        return
    seen.add(group.id)
    for shift in await tx.shifts.of_group(group.id):
        if not occurrences(shift, tx.now, tx.now):
            continue
        for each in await tx.shifts.members(shift.id):
            whom = await whom_of(tx, each.member)
            if whom is None or not whom.active:
                continue
            if whom.group is None:
                yield whom
            else:
                async for further in _on_call(tx, whom.group, seen):
                    yield further
