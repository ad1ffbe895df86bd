"""The jobs of runs, in the tables of DBOS Transact: kept in our transactions, claimed in its own.

Theory of operation. A job is a workflow of DBOS that waits in one queue, in the partition of its plan. DBOS
decides who may claim what: how many of a plan may be under way at once, on however many workers, and that a
long backlog of one plan keeps no other waiting. It runs nothing: what it calls an executor is one of a
process, has one event loop and takes the room of a worker from the database, so that two runtimes in a
process, or two workers of different size, could not be. So the jobs are claimed here and performed by our
own queue, and of DBOS only its system database is used: of the methods that are not public those which its
own queue thread calls, and the table of workflows, whose rows are changed within our transactions. A job is
removed with the end of its run, so there is nothing to prune.
"""

import random
import sqlite3
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, Final, TypeVar
from uuid import uuid4

from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer, EnqueueOptions
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    TableClause,
    column,
    create_engine,
    delete,
    exists,
    func,
    or_,
    select,
    table,
    update,
)
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.pool import NullPool

from deputize.domain.run import RunState
from deputize.domain.stored_run import StoredRun
from deputize.errors import Misconfigured, StoreUnavailable
from deputize.store.address import Address
from deputize.store.database import IDLE_SECONDS
from deputize.store.failures import is_unavailable

_T = TypeVar("_T")

_APPLICATION: Final = "deputize"
_QUEUE: Final = "runs"
#: Every version of Deputize performs every job: what differs is in the run.
_VERSION: Final = "1"
_WORKFLOW: Final = "run"
#: Seconds that PostgreSQL has to accept a connection.
_CONNECT_SECONDS: Final = "2"
#: The partition of runs that belong to no plan.
_NO_PLAN: Final = "-"
_ENQUEUED, _PENDING = "ENQUEUED", "PENDING"
#: What DBOS asks of SQLite when Python is as new as that.
_NEW_PYTHON, _NEW_SQLITE = (3, 12), (3, 42, 0)


class DbosJobs:
    """Implements ``Jobs``. ``open`` it before the database is given it."""

    def __init__(self, address: Address, *, of_a_plan: int, concurrency: int) -> None:
        """Take the *address* of the database; connect to nothing.

        *of_a_plan* runs of one plan may be under way at once, on all workers, and *concurrency* on this one.
        """
        self._address = address
        self._of_a_plan = of_a_plan
        self._concurrency = concurrency
        self._client: Any = None
        self._queue: Any = None
        self._jobs, self._inputs = _tables(None)

    def open(self) -> None:
        """Make what is missing of the tables, and be ready. Blocks.

        Raises ``Misconfigured`` for a SQLite that is too old, ``StoreUnavailable`` when the database does not
        answer.
        """
        _refuse_old_sqlite(self._address)
        self._translated(self._open)

    def close(self) -> None:
        """Close the connections. Blocks."""
        if self._client is not None:
            self._client.destroy()
            self._client = None

    @property
    def engine(self) -> Engine:
        """What the connections are made with on which jobs are claimed."""
        engine: Engine = self._system.engine
        return engine

    async def add(self, connection: AsyncConnection, run: StoredRun) -> None:
        """Keep the job of a new run, which may be taken when the run is due."""
        await connection.run_sync(partial(self._add, run=run))

    async def take(self, connection: AsyncConnection, run_id: str, *, worker: str) -> bool:
        """Have *worker* take a job that it has claimed, or that waits as the first one of its plan.

        Return False for any other, and where its plan has enough under way.
        """
        jobs = self._jobs
        mine = (jobs.c.status == _PENDING) & (jobs.c.executor_id == worker)
        same, before = jobs.alias(), jobs.alias()
        under_way = (
            select(func.count())
            .select_from(same)
            .where(
                same.c.queue_name == _QUEUE,
                same.c.queue_partition_key == jobs.c.queue_partition_key,
                same.c.status == _PENDING,
            )
            .scalar_subquery()
        )
        # DBOS locks the first that waits while it counts, so whoever takes another one would not be counted.
        # A file is written by one at a time, and its clock has seconds only.
        earlier = (
            before.c.created_at <= jobs.c.created_at
            if self._address.many_writers
            else before.c.created_at < jobs.c.created_at
        )
        first = ~exists().where(
            before.c.queue_name == _QUEUE,
            before.c.queue_partition_key == jobs.c.queue_partition_key,
            before.c.status == _ENQUEUED,
            before.c.workflow_uuid != jobs.c.workflow_uuid,
            earlier,
        )
        free = (jobs.c.status == _ENQUEUED) & first & (under_way < self._of_a_plan)
        taken = await connection.execute(
            update(jobs)
            .where(jobs.c.workflow_uuid == run_id, or_(mine, free))
            .values(
                status=_PENDING,
                executor_id=worker,
                owner_xid=str(uuid4()),
                application_version=_VERSION,
                started_at_epoch_ms=self._milliseconds,
                updated_at=self._milliseconds,
            )
        )
        return taken.rowcount > 0

    async def remove(self, connection: AsyncConnection, run_id: str) -> None:
        """Remove the job of a run that has ended."""
        await connection.execute(delete(self._inputs).where(self._inputs.c.workflow_uuid == run_id))
        await connection.execute(delete(self._jobs).where(self._jobs.c.workflow_uuid == run_id))

    async def put_back(self, connection: AsyncConnection, *, run_id: str) -> None:
        """Have the job of a run be taken by whoever comes."""
        await self._put_back(connection, self._jobs.c.workflow_uuid == run_id)

    async def put_back_of(self, connection: AsyncConnection, *, worker: str | None) -> None:
        """Have the jobs that *worker* has taken, or that anybody has, be taken by whoever comes."""
        whose = () if worker is None else (self._jobs.c.executor_id == worker,)
        await self._put_back(connection, *whose)

    async def put_back_lost(
        self, connection: AsyncConnection, *, worker: str, under_way: frozenset[str]
    ) -> None:
        """Put back what *worker* has claimed and does not have *under_way*."""
        jobs = self._jobs
        await self._put_back(connection, jobs.c.executor_id == worker, jobs.c.workflow_uuid.not_in(under_way))

    async def without(self, connection: AsyncConnection, run_ids: list[str]) -> list[str]:
        """Return those of *run_ids* that have no job."""
        kept: set[str] = set()
        for start in range(0, len(run_ids), 500):
            some = run_ids[start : start + 500]
            jobs = self._jobs
            kept |= set(
                await connection.scalars(select(jobs.c.workflow_uuid).where(jobs.c.workflow_uuid.in_(some)))
            )
        return [each for each in run_ids if each not in kept]

    async def holders(self, connection: AsyncConnection) -> set[str]:
        """Return the workers that have taken jobs."""
        jobs = self._jobs
        taken = select(jobs.c.executor_id).where(jobs.c.queue_name == _QUEUE, jobs.c.status == _PENDING)
        return {each for each in await connection.scalars(taken.distinct()) if each is not None}

    def claim(self, *, worker: str, room: int) -> list[str]:
        """Claim up to *room* jobs for *worker*, of one plan after another; return their runs. Blocks."""
        return self._translated(partial(self._claim, worker, room))

    def fall_due(self) -> None:
        """Have the jobs be claimed whose moment has come. Blocks."""
        self._translated(self._system.transition_delayed_workflows)

    def _open(self) -> None:
        url = self._address.url
        if self._address.many_writers:
            url = url.update_query_dict({"connect_timeout": _CONNECT_SECONDS})
        else:
            url = url.set(drivername="sqlite")
        address = url.render_as_string(hide_password=False)
        schema = _schema(url) if self._address.many_writers else None
        self._jobs, self._inputs = _tables(schema)
        DBOS.migrate(address, schema=schema or "dbos")
        self._client = DBOSClient(
            system_database_url=address,
            dbos_system_schema=schema or "dbos",
            serializer=DBOSPortableJSONSerializer(),
            system_database_pool_size=2,
            sys_db_idle_transaction_timeout_sec=IDLE_SECONDS,
            application_name=_APPLICATION,
            # Whoever asks comes again; a thread that waits for a database keeps a process from ending.
            retry_connection_errors=False,
        )
        self._queue = self._client.register_queue(
            _QUEUE,
            partition_concurrency=self._of_a_plan,
            worker_concurrency=max(self._concurrency, 1),
            application_name=_APPLICATION,
        )

    def _add(self, connection: Connection, *, run: StoredRun) -> None:
        options: EnqueueOptions = {
            "workflow_name": _WORKFLOW,
            "queue_name": _QUEUE,
            "workflow_id": run.id,
            "queue_partition_key": run.plan_id or _NO_PLAN,
        }
        if run.state is RunState.QUEUED and run.due is not None and run.due > run.queued:
            options["delay_seconds"] = (run.due - run.queued).total_seconds()
        self._client.enqueue_in_transaction(connection, options)

    async def _put_back(self, connection: AsyncConnection, *which: ColumnElement[bool]) -> None:
        jobs = self._jobs
        await connection.execute(
            update(jobs)
            .where(jobs.c.queue_name == _QUEUE, jobs.c.status == _PENDING, *which)
            .values(
                status=_ENQUEUED,
                executor_id=None,
                owner_xid=None,
                started_at_epoch_ms=None,
                updated_at=self._milliseconds,
            )
        )

    def _claim(self, worker: str, room: int) -> list[str]:
        claimed: list[str] = []
        plans = self._system.get_queue_partitions(_QUEUE)
        # So that none comes last each time.
        random.shuffle(plans)
        for plan in plans:
            if len(claimed) >= room:
                break
            try:
                ids, _ = self._system.start_queued_workflows(
                    self._queue,
                    worker,
                    _VERSION,
                    plan,
                    self._concurrency - room + len(claimed),
                    owner_xid=str(uuid4()),
                    is_latest_version=True,
                )
            except DBAPIError as error:
                # Another worker claims from this plan at the moment.
                if self._system.is_lock_conflict(error) or self._system.is_serialization_conflict(error):
                    continue
                raise
            claimed += ids
        return claimed

    def _translated(self, work: Callable[[], _T]) -> _T:
        try:
            return work()
        except SQLAlchemyError as error:
            if is_unavailable(error):
                raise StoreUnavailable(
                    f"The database {self._address} does not answer or cannot write. Try again later."
                ) from error
            raise

    @property
    def _system(self) -> Any:
        return self._client._sys_db  # noqa: SLF001 - see the theory of operation

    @property
    def _milliseconds(self) -> Any:
        return self._system._now_ms_sql()  # noqa: SLF001 - the clock of the database, as DBOS reads it


def _tables(schema: str | None) -> tuple[TableClause, TableClause]:
    """Return the tables of workflows and of what they are given, with what is asked or changed of them."""
    columns = "workflow_uuid status queue_name queue_partition_key executor_id owner_xid application_version"
    moments = "created_at updated_at started_at_epoch_ms"
    jobs = table("workflow_status", *map(column, f"{columns} {moments}".split()), schema=schema)
    return jobs, table("workflow_input", column("workflow_uuid"), schema=schema)


def _schema(url: Any) -> str:
    """Return the schema of DBOS's tables, beside that of ours: deployments may share a database."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        ours = connection.scalar(select(func.current_schema()))
    return "dbos" if ours in (None, "public") else f"{ours}_dbos"


def _refuse_old_sqlite(address: Address) -> None:
    if address.many_writers or sys.version_info < _NEW_PYTHON or sqlite3.sqlite_version_info >= _NEW_SQLITE:
        return
    raise Misconfigured(
        f"SQLite {sqlite3.sqlite_version} is too old for a queue under Python {sys.version_info[0]}."
        f"{sys.version_info[1]}, which needs 3.42 or later. Use PostgreSQL, in DEPUTIZE_STORE, Python 3.11, "
        "or a Python that was built with a later SQLite."
    )
