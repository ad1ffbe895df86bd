"""The queue of a kept database: jobs beside the runs, and a presence where there may be other workers."""

import asyncio
from contextlib import AsyncExitStack

from deputize.errors import Misconfigured
from deputize.queue.dbos_jobs import DbosJobs
from deputize.queue.dbos_queue import DbosQueue
from deputize.queue.presence import Presence
from deputize.settings import Settings
from deputize.store import Database
from deputize.worker import Worker


class WorkerAlone(Misconfigured):
    """The database is one that a single process works on."""

    code = "WORKER_ALONE"


def require_many_writers(database: Database) -> None:
    """Raise ``WorkerAlone`` where several processes cannot work on *database*."""
    if not database.address.many_writers:
        raise WorkerAlone(
            "A worker beside the server needs a database that several processes can write to: PostgreSQL, in "
            f"DEPUTIZE_STORE. On {database.address} `deputize serve` performs all runs by itself."
        )


async def open_queue(
    stack: AsyncExitStack,
    worker: Worker,
    database: Database,
    *,
    settings: Settings,
) -> DbosQueue:
    """Return the queue of *worker*, not started; the *database* keeps a job for every run from now on.

    With *stack* runs under way have their grace, and then what the jobs take is closed. Raises
    ``Misconfigured`` for a SQLite that is too old.
    """
    jobs = DbosJobs(database.address, of_a_plan=settings.plan_concurrency, concurrency=settings.concurrency)
    await asyncio.to_thread(jobs.open)
    stack.push_async_callback(asyncio.to_thread, jobs.close)
    database.attach(jobs)
    database.watch(jobs.engine)
    queue = DbosQueue(
        worker,
        database=database,
        jobs=jobs,
        worker=worker.name,
        concurrency=settings.concurrency,
        presence=Presence(database, jobs, name=worker.name) if database.address.many_writers else None,
    )
    stack.push_async_callback(queue.drain, settings.drain_seconds)
    return queue
