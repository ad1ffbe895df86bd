"""Whether the database answers and can be written to: found out by writing, at most once a second.

Theory of operation. A database that is full, or has become read-only, still answers those who read. Whoever
asks may be anybody, so that they cannot make it write as often as they like: those who ask meanwhile, and
for a second after, are told the same.
"""

import asyncio
import time
from typing import Final

from deputize.errors import StoreUnavailable
from deputize.store import Database, Transaction

#: Seconds for which an answer is good.
_GOOD_FOR: Final = 1.0
#: A row of its own, which no project has.
_MARK: Final = ("deployment", "written")


class Readiness:
    """Knows whether *database* keeps what is written."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._asking = asyncio.Lock()
        self._writes = False
        self._asked: float | None = None

    async def writes(self) -> bool:
        """Return whether something could be written now, or within the last second."""
        async with self._asking:
            if self._asked is None or time.monotonic() - self._asked >= _GOOD_FOR:
                self._writes = await self._written()
                self._asked = time.monotonic()
            return self._writes

    async def _written(self) -> bool:
        try:
            await self._database.write(_mark)
        except StoreUnavailable:
            return False
        return True


async def _mark(tx: Transaction) -> None:
    await tx.applied.put(*_MARK, tx.now.isoformat())
