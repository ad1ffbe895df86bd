"""The embedded platform's database: every query that it makes."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Row, delete, event, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from deputize.platform.embedded.permissions import Role
from deputize.platform.embedded.records import Annotation, Event, Person
from deputize.platform.embedded.tables import (
    annotations,
    events,
    metadata,
    people,
    person_roles,
    roles,
    tokens,
)

_T = TypeVar("_T")


class Transaction:
    """What can be asked and changed; all of it is kept, or none."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    # People and roles

    async def people(self) -> list[Person]:
        """Return everybody, by name."""
        held: dict[str, set[str]] = {}
        for person_id, role in await self._connection.execute(select(person_roles)):
            held.setdefault(person_id, set()).add(role)
        rows = await self._connection.execute(select(people).order_by(people.c.target_name))
        return [_person(row, held.get(row.id, ())) for row in rows]

    async def person(self, key: str) -> Person | None:
        """Return the person whose id, or else whose name, is *key*."""
        return await self.person_by_id(key) or await self.person_by_name(key)

    async def person_by_name(self, name: str) -> Person | None:
        """Return the person of that name; ids are not looked at."""
        return await self._one_person(people.c.target_name == name)

    async def person_by_id(self, person_id: str) -> Person | None:
        """Return the person of that id; names are not looked at."""
        return await self._one_person(people.c.id == person_id)

    async def person_by_token(self, hashed: str, *, now: datetime) -> Person | None:
        """Return whose token has that hash, while it has not expired and its owner is active."""
        owner = select(tokens.c.person_id).where(tokens.c.hash == hashed, tokens.c.expires > _text(now))
        return await self._one_person(people.c.id.in_(owner) & (people.c.status == "ACTIVE"))

    async def put_person(self, person: Person) -> None:
        """Write *person* over the one of the same id, or as a new one, roles included."""
        values = asdict(person)
        del values["roles"]
        changed = await self._connection.execute(
            update(people).where(people.c.id == person.id).values(**values)
        )
        if not changed.rowcount:
            await self._connection.execute(insert(people).values(**values))
        await self._connection.execute(delete(person_roles).where(person_roles.c.person_id == person.id))
        for role in sorted(person.roles):
            await self._connection.execute(insert(person_roles).values(person_id=person.id, role=role))

    async def delete_person(self, person_id: str) -> None:
        """Remove a person and, with them, their tokens."""
        await self._connection.execute(delete(people).where(people.c.id == person_id))

    async def roles(self) -> list[Role]:
        """Return every role, by name."""
        rows = await self._connection.execute(select(roles).order_by(roles.c.name))
        return [
            Role(
                name=row.name,
                functions=frozenset(row.functions),
                on={target: frozenset(rights) for target, rights in row.rights.items()},
            )
            for row in rows
        ]

    async def put_role(self, role: Role) -> None:
        """Write *role* over the one of the same name, or as a new one."""
        values = {
            "functions": sorted(role.functions),
            "rights": {target: sorted(rights) for target, rights in role.on.items()},
        }
        changed = await self._connection.execute(
            update(roles).where(roles.c.name == role.name).values(**values)
        )
        if not changed.rowcount:
            await self._connection.execute(insert(roles).values(name=role.name, **values))

    async def is_empty(self) -> bool:
        """Whether there is nobody and no role: nothing has been put here yet."""
        counted = select(func.count()).select_from(people), select(func.count()).select_from(roles)
        return not any([await self._connection.scalar(each) for each in counted])

    # Events

    async def events(self) -> list[Event]:
        """Return every event, the newest first."""
        rows = await self._connection.execute(select(events))
        found = [_event(row) for row in rows]
        return sorted(found, key=lambda each: (each.created, int(each.number)), reverse=True)

    async def event(self, key: str) -> Event | None:
        """Return the event whose id or number is *key*."""
        found = await self._connection.execute(
            select(events).where((events.c.id == key) | (events.c.number == key))
        )
        row = found.first()
        return None if row is None else _event(row)

    async def add_event(self, new: Event) -> None:
        """Keep a new event."""
        values = asdict(new)
        values.update(
            created=_text(new.created), properties=dict(new.properties), recipients=list(new.recipients)
        )
        await self._connection.execute(insert(events).values(**values))

    async def set_event_status(self, event_id: str, status: str) -> None:
        """Change the status of an event."""
        await self._connection.execute(update(events).where(events.c.id == event_id).values(status=status))

    async def annotations(self, event_id: str) -> list[Annotation]:
        """Return the comments on an event, the oldest first."""
        rows = await self._connection.execute(
            select(annotations).where(annotations.c.event_id == event_id).order_by(annotations.c.position)
        )
        return [
            Annotation(
                id=row.id,
                author_id=row.author_id,
                author_name=row.author_name,
                comment=row.comment,
                created=datetime.fromisoformat(row.created),
            )
            for row in rows
        ]

    async def add_annotation(self, event_id: str, new: Annotation) -> None:
        """Keep a new comment on an event."""
        values = asdict(new)
        values.update(event_id=event_id, created=_text(new.created))
        await self._connection.execute(insert(annotations).values(**values))

    # Tokens

    async def add_token(self, hashed: str, *, person_id: str, run_id: str, expires: datetime) -> None:
        """Admit the token of that hash until *expires*."""
        await self._connection.execute(
            insert(tokens).values(hash=hashed, person_id=person_id, run_id=run_id, expires=_text(expires))
        )

    async def delete_tokens_of_run(self, run_id: str) -> None:
        """Admit nothing any more that was made for a run."""
        await self._connection.execute(delete(tokens).where(tokens.c.run_id == run_id))

    async def delete_expired_tokens(self, now: datetime) -> None:
        """Forget tokens that are no good any more."""
        await self._connection.execute(delete(tokens).where(tokens.c.expires <= _text(now)))

    async def _one_person(self, which: Any) -> Person | None:
        row = (await self._connection.execute(select(people).where(which))).first()
        if row is None:
            return None
        held = await self._connection.scalars(
            select(person_roles.c.role).where(person_roles.c.person_id == row.id)
        )
        return _person(row, held)


class Store:
    """The database, opened once; transactions follow one another.

    In memory there is one connection, and on it one transaction at a time, so they queue. Each runs in
    a task of its own: a caller who is cancelled must not tear the connection, with which a database in
    memory would be lost.
    """

    def __init__(self, database: str) -> None:
        """Take a URL of SQLAlchemy, such as ``sqlite+aiosqlite:///platform.db``."""
        self._engine = create_async_engine(database)
        self._one_at_a_time = asyncio.Lock()
        self._under_way: set[asyncio.Task[Any]] = set()
        event.listen(self._engine.sync_engine, "connect", _keep_references)

    async def open(self) -> None:
        """Make the tables that are not there yet."""
        async with self._engine.begin() as connection:
            await connection.run_sync(metadata.create_all)

    async def close(self) -> None:
        """Wait for what is under way, then close every connection."""
        while self._under_way:
            await asyncio.wait(self._under_way)
        await self._engine.dispose()

    async def transaction(self, work: Callable[[Transaction], Awaitable[_T]]) -> _T:
        """Do *work* and keep what it changed; when it raises, nothing is kept and the error passes on."""
        task = asyncio.create_task(self._transact(work))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return await asyncio.shield(task)

    async def _transact(self, work: Callable[[Transaction], Awaitable[_T]]) -> _T:
        async with self._one_at_a_time, self._engine.begin() as connection:
            return await work(Transaction(connection))


def _keep_references(connection: Any, _record: object) -> None:
    """Have SQLite act on references between tables, which it leaves alone unless told."""
    cursor = connection.cursor()
    with closing(cursor):
        cursor.execute("PRAGMA foreign_keys=ON")


def _person(row: Row[Any], held: Iterable[str]) -> Person:
    return Person(**row._mapping, roles=frozenset(held))  # noqa: SLF001 - public, whatever its name


def _event(row: Row[Any]) -> Event:
    values: dict[str, Any] = dict(row._mapping)  # noqa: SLF001 - public, whatever its name
    values.update(created=datetime.fromisoformat(values["created"]), recipients=tuple(values["recipients"]))
    return Event(**values)


def _text(moment: datetime) -> str:
    """Return *moment* so that texts sort as moments do."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
