"""What a queue of runs does, and what it needs from whoever performs them."""

from typing import Protocol


class RunQueue(Protocol):
    """Has every accepted run performed once. The runs themselves are kept in the database."""

    async def start(self) -> None:
        """Take up what was accepted before this process began, and everything from now on."""
        ...

    def submit(self, run_id: str) -> None:
        """Have a run performed that has just been committed. Never waits; safe to forget: see ``start``."""
        ...

    async def drain(self, grace_seconds: float) -> None:
        """Take up no more; give the runs under way *grace_seconds* to end, and then cut them off."""
        ...


class Work(Protocol):
    """Performs runs by their ids."""

    async def recover(self, worker: str | None = None) -> None:
        """Let go of the runs that a *worker* has under way which is gone; None: of those of all."""
        ...

    async def waiting(self, limit: int) -> list[str]:
        """Return the ids of accepted runs that nobody performs, the oldest first."""
        ...

    async def perform(self, run_id: str) -> None:
        """Take a run up and see it to its end; nothing happens when it is not waiting any more.

        Cancelled, it lets go of the run, for whoever comes to go on with. Raises only when the run could
        not be taken up, or its end not be kept.
        """
        ...
