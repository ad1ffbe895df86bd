"""People of the embedded platform."""

import string
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, delete, exists, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.domain.person import Person
from deputize.domain.standing import Standing
from deputize.store.rows import put, values_of
from deputize.store.tables import api_keys, people, person_roles, roles, signing_secrets, url_keys

_SMALL: Final = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


class People:
    """Queries about people."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def all(self) -> list[Person]:
        """Return everybody, by name."""
        held: dict[str, set[str]] = {}
        for person_id, role in await self._connection.execute(select(person_roles)):
            held.setdefault(person_id, set()).add(role)
        rows = await self._connection.execute(select(people).order_by(people.c.target_name))
        return [_person(row, held.get(row.id, ())) for row in rows]

    async def find(self, key: str) -> Person | None:
        """Return the person whose id, or else whose name, is *key*."""
        return await self.get(key) or await self.by_name(key)

    async def get(self, person_id: str) -> Person | None:
        """Return the person of that id; names are not looked at."""
        return await self._one(people.c.id == person_id)

    async def by_name(self, name: str) -> Person | None:
        """Return the person of that name; ids are not looked at."""
        return await self._one(people.c.target_name == name)

    async def with_email(self, address: str) -> list[Person]:
        """Return everybody who has that e-mail *address*, and for whom it is vouched, by name.

        Capitals of ASCII are as good as small letters, which is what both databases can tell. Nobody has an
        empty one.
        """
        rows = await self._connection.scalars(
            select(people.c.id)
            .where(
                func.lower(people.c.email) == address.translate(_SMALL),
                people.c.email != "",
                people.c.vouched.is_(True),
            )
            .order_by(people.c.target_name)
        )
        found = [await self.get(person_id) for person_id in rows.all()]
        return [person for person in found if person is not None]

    async def standing(self, person_id: str) -> Standing | None:
        """Return what the person of that id is allowed in general, as it is now."""
        return await self._standing(people.c.id == person_id)

    async def standing_by_name(self, name: str) -> Standing | None:
        """Return what the person of that name is allowed in general, as it is now."""
        return await self._standing(people.c.target_name == name)

    async def is_empty(self) -> bool:
        """Whether there is nobody."""
        return not await self._connection.scalar(select(exists().where(people.c.id.is_not(None))))

    async def put(self, person: Person) -> None:
        """Write *person* over the one of the same id, or as a new one, roles included."""
        values = values_of(person)
        del values["roles"]
        await put(self._connection, people, values)
        await self._connection.execute(delete(person_roles).where(person_roles.c.person_id == person.id))
        if person.roles:
            held = [{"person_id": person.id, "role": role} for role in sorted(person.roles)]
            await self._connection.execute(insert(person_roles), held)

    async def delete(self, person_id: str) -> None:
        """Remove a person and, with them, their password, tokens and keys."""
        await self._connection.execute(delete(people).where(people.c.id == person_id))
        # Secrets go with the key that they belong to.
        await self._connection.execute(delete(api_keys).where(api_keys.c.subject == person_id))
        for keys in (url_keys, signing_secrets):
            await self._connection.execute(delete(keys).where(keys.c.subject == person_id))

    async def _one(self, which: ColumnElement[bool]) -> Person | None:
        row = (await self._connection.execute(select(people).where(which))).first()
        if row is None:
            return None
        held = await self._connection.scalars(
            select(person_roles.c.role).where(person_roles.c.person_id == row.id)
        )
        return _person(row, held)

    async def _standing(self, which: ColumnElement[bool]) -> Standing | None:
        rows = (
            await self._connection.execute(
                select(people.c.id, people.c.target_name, people.c.status, roles.c.name, roles.c.functions)
                .select_from(
                    people.outerjoin(person_roles, person_roles.c.person_id == people.c.id).outerjoin(
                        roles, roles.c.name == person_roles.c.role
                    )
                )
                .where(which)
            )
        ).all()
        if not rows:
            return None
        held = {row.name: row.functions for row in rows if row.name is not None}
        person = Person(id=rows[0].id, target_name=rows[0].target_name, status=rows[0].status)
        return Standing(
            subject=person.id,
            name=person.target_name,
            active=person.active,
            roles=frozenset(held),
            functions=frozenset().union(*held.values()),
        )


def _person(row: Row[Any], held: Iterable[str]) -> Person:
    return Person(**row._mapping, roles=frozenset(held))  # noqa: SLF001 - public, whatever its name
