"""Every list is read by an index, so that it stays quick however much is kept."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from deputize.domain.run import RunState
from deputize.domain.stored_entry import EntryFilter, FeedPlace
from deputize.domain.stored_run import RunCursor, RunFilter, Visible

pytestmark = pytest.mark.anyio

SOME = Visible(plans=frozenset({"plan-1", "plan-2"}), subject="person-rob")
HERE = FeedPlace(transaction=1, position=1)


def entries_by(**wanted):
    return lambda tx: tx.entries.page(EntryFilter(**wanted), before=10, limit=100)


def runs_by(**wanted):
    return lambda tx: tx.runs.page(RunFilter(**wanted), after=RunCursor(queued=tx.now, id="run-1"), limit=100)


LISTS = {
    "entries": lambda tx: tx.entries.page(before=10, limit=100),
    "entries of an integration": entries_by(integration_id="i"),
    "entries of a person": entries_by(subject="s"),
    "entries of a name": entries_by(initiator="rob"),
    "entries of a kind": entries_by(kind="permission.denied"),
    "entries of a status": entries_by(status_code=403),
    "entries that may be seen": lambda tx: tx.entries.page(visible=SOME, before=10, limit=100),
    "entries since": lambda tx: tx.entries.page(EntryFilter(since=tx.now), limit=100),
    "entries until": lambda tx: tx.entries.page(EntryFilter(until=tx.now), limit=100),
    "entries of a run": lambda tx: tx.entries.of_run("run-1", after_seq=5, limit=100),
    "the feed": lambda tx: tx.entries.after(HERE, limit=100),
    "runs": runs_by(),
    "runs of an integration": runs_by(integration_id="i"),
    "runs of a person": runs_by(subject="s"),
    "runs of a name": runs_by(initiator="rob"),
    "runs of a state": runs_by(state=RunState.FAILED),
    "runs of a trigger": runs_by(trigger="RESPONSE"),
    "runs of an event": runs_by(event_id="event-1"),
    "replays of a run": runs_by(replay_of="run-0"),
    "retries of a run": runs_by(retry_of="run-0"),
    "runs of which something was refused": runs_by(refused=True),
    "runs of a span": lambda tx: tx.runs.page(
        RunFilter(since=tx.now - timedelta(hours=1), until=tx.now), limit=100
    ),
    "runs that may be seen": lambda tx: tx.runs.page(visible=SOME, limit=100),
    "dead letters": runs_by(given_up=True),
    "dead letters of an integration": runs_by(given_up=True, integration_id="i"),
    "dead letters of a name": runs_by(given_up=True, initiator="rob"),
    "dead letters that may be seen": lambda tx: tx.runs.page(
        RunFilter(given_up=True), visible=SOME, limit=100
    ),
    "waiting runs": lambda tx: tx.runs.waiting(tx.now, limit=100),
    "schedules that are due": lambda tx: tx.schedules.due(tx.now, limit=100),
    "schedules of an integration": lambda tx: tx.schedules.of_integration("i"),
    "audit records": lambda tx: tx.audit.page(before=10, limit=100),
    "audit records of an actor": lambda tx: tx.audit.page(actor="dana", limit=100),
    "audit records of an action": lambda tx: tx.audit.page(action="key.issued", limit=100),
    "audit records of a target": lambda tx: tx.audit.page(target="x", limit=100),
    "live secrets": lambda tx: tx.keys.live_secrets("i", "rob", now=tx.now),
    "live signing secrets": lambda tx: tx.signatures.live_secrets("i", now=tx.now),
    "signing secrets of a person": lambda tx: tx.signatures.secrets(subject="rob"),
    "a signature that was seen": lambda tx: tx.signatures.run_of("i", "h"),
    "a URL key": lambda tx: tx.keys.url_key_by_hash("h"),
    "what an event sets off": lambda tx: tx.integrations.on("form-1", "STATUS"),
    "a token": lambda tx: tx.tokens.live("h", now=tx.now),
    "what happened to an event": lambda tx: tx.events.audits("event-1"),
    "the comments on an event": lambda tx: tx.events.annotations("event-1"),
    "the events of a request": lambda tx: tx.events.all(request_id="request-1"),
}


@pytest.mark.parametrize("asked", LISTS.values(), ids=LISTS)
async def test_a_list_is_read_by_an_index(database, asked):
    plan = await plan_of(database, asked)

    # What SQLite scans under a name of its own is what an inner query has found already.
    whole = [line for line in plan if "Seq Scan" in line or ("SCAN" in line and "anon_" not in line)]
    assert plan
    assert [line for line in whole if "dead_letters" not in line] == []


@pytest.mark.parametrize("asked", [each for name, each in LISTS.items() if name.startswith("dead letters")])
async def test_dead_letters_are_read_by_indexes_that_have_nothing_else(database, asked):
    """Of a million runs a few may be dead letters."""
    plan = await plan_of(database, asked)

    assert plan
    if database.address.many_writers:
        # Among few rows PostgreSQL takes whichever index; that there is one for these suffices.
        return
    read = [line for line in plan if "runs USING" in line and "sqlite_autoindex" not in line]
    assert read
    assert [line for line in read if "dead_letters" not in line] == []


async def test_the_runs_of_which_something_was_refused_have_an_index_of_their_own(database):
    plan = await plan_of(database, lambda tx: tx.runs.page(RunFilter(refused=True), limit=100))

    assert plan
    # As above: PostgreSQL takes whichever there is.
    if not database.address.many_writers:
        assert ["ix_runs_refused" in line for line in plan] == [True]


async def plan_of(database, asked):
    """Return the lines of how the database reads what is *asked*."""
    engine, statements = database._engine.sync_engine, []

    def remember(_connection, _cursor, statement, parameters, *_):
        if statement.startswith("SELECT"):
            statements.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", remember)
    await database.read(asked)
    event.remove(engine, "before_cursor_execute", remember)

    async def explain(tx):
        connection = tx.runs._connection
        if connection.dialect.name == "postgresql":
            # Among few rows everything is quick: leave only what stays so among many.
            await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        how = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
        return [
            str(row)
            for statement, parameters in statements
            for row in await connection.exec_driver_sql(how + statement, parameters)
        ]

    return await database.read(explain)
