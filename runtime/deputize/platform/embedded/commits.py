"""Commits that are finished whatever becomes of those who asked for them."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

_T = TypeVar("_T")


class Commits:
    """What is being committed: a caller who goes away leaves the whole of it, what follows included."""

    def __init__(self) -> None:
        self._under_way: set[asyncio.Task[Any]] = set()

    async def whole(self, doing: Coroutine[Any, Any, _T]) -> _T:
        """Return what *doing* returns; it goes on to its end when whoever waits for it is cancelled."""
        task = asyncio.create_task(doing)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Wait for what is under way."""
        while self._under_way:
            await asyncio.wait(self._under_way)
