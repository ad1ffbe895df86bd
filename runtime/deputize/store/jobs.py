"""What a queue keeps beside the runs, in the very transactions that queue, claim, release and end them."""

from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.domain.stored_run import StoredRun


class Jobs(Protocol):
    """A job for each run that waits or is under way; *connection* is that of the open transaction."""

    async def add(self, connection: AsyncConnection, run: StoredRun) -> None:
        """Keep the job of a new run, which may be taken when the run is due."""
        ...

    async def take(self, connection: AsyncConnection, run_id: str, *, worker: str) -> bool:
        """Have *worker* take the job; return False where it may not: it is another's, or must wait."""
        ...

    async def remove(self, connection: AsyncConnection, run_id: str) -> None:
        """Remove the job of a run that has ended."""
        ...

    async def put_back(self, connection: AsyncConnection, *, run_id: str) -> None:
        """Have the job of a run be taken by whoever comes."""
        ...

    async def put_back_of(self, connection: AsyncConnection, *, worker: str | None) -> None:
        """Have the jobs that *worker* has taken, or that anybody has, be taken by whoever comes."""
        ...
