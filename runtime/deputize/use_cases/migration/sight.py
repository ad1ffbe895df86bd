"""Whom somebody sees, asked of the platform: once for each set of roles, for it is roles that decide."""

from collections.abc import Sequence
from urllib.parse import quote

from deputize.domain.person import Person
from deputize.domain.principal import Principal
from deputize.platform.interface import Foresight, PlannedRequest

_FORBIDDEN = 403


class Sight:
    """Answers for the people that there are; remembers what the platform said."""

    def __init__(self, foresight: Foresight, people: Sequence[Person]) -> None:
        self._foresight = foresight
        self._people = [each for each in people if each.active]
        self._refused: dict[tuple[str, frozenset[str]], bool] = {}

    async def unseen(self, user: Person, key: str | None) -> list[Person]:
        """Return those whom *user* may not see: among everybody, or the one whose name or id is *key*."""
        about = [each for each in self._people if key in (None, each.id, each.target_name)]
        return [each for each in about if each.id != user.id and await self._is_refused(user, each)]

    async def _is_refused(self, user: Person, person: Person) -> bool:
        asked = (user.id, person.roles)
        if asked not in self._refused:
            principal = Principal(id=user.target_name, name=user.display_name, via="report", subject=user.id)
            request = PlannedRequest(
                method="GET", path=f"/api/xm/1/people/{quote(person.id, safe='')}", run_id=""
            )
            foreseen = await self._foresight.would(principal, request)
            self._refused[asked] = foreseen is not None and foreseen.status_code == _FORBIDDEN
        return self._refused[asked]
