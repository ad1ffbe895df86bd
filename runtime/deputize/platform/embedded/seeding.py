"""Puts a seed into an empty database."""

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import JsonValue

from deputize.domain.event import Event
from deputize.domain.person import Person, Role
from deputize.errors import Misconfigured, did_you_mean
from deputize.platform.embedded.seed import EventSeed, PersonSeed, PlatformSeed
from deputize.store import Transaction

#: Where numbers begin that events get which have a UUID only.
_FIRST_NUMBER = 12_600_001


async def put_seed(store: Transaction, seed: PlatformSeed, *, now: datetime) -> None:
    """Put *seed* into the database; one that holds people or roles already is left as it is.

    Raises ``Misconfigured`` naming a role or person that the seed refers to and does not have, a name
    that it has twice, and an event id that is neither decimal nor a UUID.
    """
    if not (await store.people.is_empty() and await store.roles.is_empty()):
        return
    _check(seed)
    for role in seed.roles:
        rights = {target: frozenset(rights) for target, rights in role.on.items()}
        await store.roles.put(Role(name=role.name, functions=frozenset(role.functions), on=rights))
    ids = {}
    for each in seed.people:
        person = _person(each)
        ids[each.name] = person.id
        await store.people.put(person)
    taken = {each.id for each in seed.events}
    numbers = (str(number) for number in count(_FIRST_NUMBER) if str(number) not in taken)
    for event in seed.events:
        await store.events.add(_event(event, submitter_id=ids[event.initiator], numbers=numbers, now=now))


def _person(seed: PersonSeed) -> Person:
    return Person(
        # The same at every start; whoever is created later gets a random one.
        id=str(uuid5(NAMESPACE_URL, f"person:{seed.name}")),
        target_name=seed.name,
        first_name=seed.first_name,
        last_name=seed.last_name,
        email=seed.email,
        language=seed.language,
        timezone=seed.timezone,
        status=seed.status,
        roles=frozenset(seed.roles),
    )


def _event(seed: EventSeed, *, submitter_id: str, numbers: Iterator[str], now: datetime) -> Event:
    uuid = _uuid(seed.id)
    properties: dict[str, JsonValue] = {}
    for name, value in seed.properties.items():
        properties[name] = value if isinstance(value, str | int | float) else list(value)
    return Event(
        id=uuid or str(uuid5(NAMESPACE_URL, f"event:{seed.id}")),
        number=seed.id if uuid is None else next(numbers),
        submitter_id=submitter_id,
        submitter_name=seed.initiator,
        via="ui",
        status=seed.status,
        form=seed.form,
        form_id=None,
        plan_id=None,
        priority="MEDIUM",
        created=now,
        properties=properties,
        recipients=tuple(seed.recipients),
        request_id=None,
    )


def _check(seed: PlatformSeed) -> None:
    people, roles = [each.name for each in seed.people], [each.name for each in seed.roles]
    for what, names in (("person", people), ("role", roles), ("event", [each.id for each in seed.events])):
        for name in sorted({name for name in names if names.count(name) > 1}):
            raise Misconfigured(f'The seed of the platform has the {what} "{name}" twice. Remove one.')
    for person in seed.people:
        for role in person.roles:
            _known("role", role, roles, f'the person "{person.name}"')
    for event in seed.events:
        _known("person", event.initiator, people, f'the event "{event.id}"')
        if _uuid(event.id) is None and not (event.id.isascii() and event.id.isdigit()):
            raise Misconfigured(
                f'The seed of the platform has an event with the id "{event.id}". '
                "Use its decimal number, such as 12623005, or its UUID."
            )


def _known(what: str, name: str, known: list[str], where: str) -> None:
    if name not in known:
        listed = ", ".join(known) or "none"
        raise Misconfigured(
            f'The seed of the platform has no {what} "{name}", which {where} names.'
            f"{did_you_mean(name, known)} It has: {listed}."
        )


def _uuid(text: str) -> str | None:
    try:
        parsed = str(UUID(text))
    except ValueError:
        return None
    return parsed if parsed == text.lower() else None
