"""Where a run becomes durable while it goes on, and its end."""

from collections.abc import Sequence
from typing import Protocol

from deputize.activity.entries import ActivityEntry
from deputize.activity.stream import Sink
from deputize.domain.run import Run


class Keeper(Sink, Protocol):
    """Keeps the entries of one run, and its end together with the last of them."""

    async def finish(self, run: Run, entries: Sequence[ActivityEntry]) -> None:
        """Keep *entries*, the last of *run*, and how it ended, both or neither; durable on return."""
        ...
