"""What of a project file is new since it was last taken over into a database."""

import hashlib
import json
from collections.abc import Iterator
from typing import Final

from pydantic import BaseModel

from deputize.store import Transaction

#: What a project file declares. What else is noted as taken over is somebody else's.
_KINDS: Final = frozenset(
    {
        "constant",
        "endpoint",
        "event",
        "form",
        "integration",
        "library",
        "plan",
        "role",
        "script",
        "secret",
        "user",
    }
)


class Changes:
    """Compares what a file declares with what was taken over last time.

    A section that has not changed is not taken over again: what has been edited since, over the API or in
    the page, stays. One that has changed wins.
    """

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._declared: set[tuple[str, str]] = set()
        #: Kind and name of each section that was new or different, in their order.
        self.taken_over: list[tuple[str, str]] = []

    async def new(self, kind: str, name: str, section: BaseModel | str) -> bool:
        """Whether *section* differs from what was taken over as *kind* and *name*; it counts as such now."""
        self._declared.add((kind, name))
        text = (
            section
            if isinstance(section, str)
            else json.dumps(section.model_dump(mode="json"), sort_keys=True)
        )
        digest = hashlib.sha256(text.encode()).hexdigest()
        if await self._tx.applied.get(kind, name) == digest:
            return False
        await self._tx.applied.put(kind, name, digest)
        self.taken_over.append((kind, name))
        return True

    async def ever(self, kind: str, name: str) -> bool:
        """Whether something was taken over as *kind* and *name* before; it counts as declared now."""
        self._declared.add((kind, name))
        return await self._tx.applied.get(kind, name) is not None

    async def gone(self) -> list[tuple[str, str]]:
        """Return kind and name of what was taken over once and is declared no more, and forget it."""
        gone = list(self._gone(await self._tx.applied.all()))
        for kind, name in gone:
            await self._tx.applied.delete(kind, name)
        return gone

    def _gone(self, applied: dict[tuple[str, str], str]) -> Iterator[tuple[str, str]]:
        yield from sorted(each for each in applied.keys() - self._declared if each[0] in _KINDS)
