"""The journals of runs, on both stores."""

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from deputize.activity.journal import (
    JournalBody,
    JournalEntry,
    JournalExchange,
    JournalHead,
    JournalRequest,
    JournalResponse,
)
from deputize.domain.run import RunState
from deputize.store.tables import journal

pytestmark = pytest.mark.anyio

HEAD = JournalHead(
    seed="00ff",
    now="2018-04-17T20:02:47.476123+00:00",
    constants={"Prefix": "x"},
    secrets={"pager": ("Pager",)},
    endpoints={"Pager": {"base_url": "https://pager.example/", "sent_as": "service"}},
    stand_ins=(),
    form=None,
    limits={"calls": 200},
    libraries={"lookup": "0" * 64},
)


def entry(number, *bodies):
    return JournalEntry(
        number=number,
        capability="http",
        method="send",
        line=3,
        now="2018-04-17T20:02:48+00:00",
        exchanges=[
            JournalExchange(
                endpoint="platform",
                sent_as="initiator",
                request=JournalRequest(method="GET", url="http://127.0.0.1/x"),
                response=JournalResponse(
                    status_code=200, headers=(("a", "b"), ("a", "c")), body=JournalBody.of(body)
                ),
                started=1.5,
                elapsed_ms=2.25,
            )
            for body in bodies
        ],
    )


@pytest.fixture
async def run(database, make):
    run = make.run()
    await database.write(lambda tx: tx.runs.add(run))
    return run


async def test_a_journal_comes_back_as_it_was(database, run):
    calls = [entry(2, b"\x00 \xc3\xbc", b"\xff\xfe"), entry(1)]

    await database.write(lambda tx: tx.journal.append(run.id, [HEAD, *calls]))

    assert await database.read(lambda tx: tx.journal.head(run.id)) == HEAD
    kept = await database.read(lambda tx: tx.journal.entries(run.id))
    assert kept == [calls[1], calls[0]]
    assert [each.response.body.content for each in kept[1].exchanges] == [b"\x00 \xc3\xbc", b"\xff\xfe"]


async def test_a_run_that_was_never_started_has_none(database, run):
    assert await database.read(lambda tx: tx.journal.head(run.id)) is None
    assert await database.read(lambda tx: tx.journal.entries(run.id)) == []


async def test_what_is_kept_is_neither_written_twice_nor_changed(database, run):
    await database.write(lambda tx: tx.journal.append(run.id, [HEAD, entry(1, b"first")]))
    await database.write(lambda tx: tx.journal.append(run.id, [entry(1, b"second"), entry(2)]))

    kept = await database.read(lambda tx: tx.journal.entries(run.id))
    assert kept == [entry(1, b"first"), entry(2)]

    with pytest.raises(DBAPIError, match="journal: rows are never changed"):
        await database.write(lambda tx: tx.journal._connection.execute(update(journal).values(number=9)))


async def test_a_journal_goes_with_its_run(database, run, make):
    await database.write(lambda tx: tx.journal.append(run.id, [HEAD]))
    await database.write(lambda tx: tx.runs.finish(run.id, state=RunState.COMPLETED, at=tx.now))

    await database.write(lambda tx: tx.runs.delete_ended(tx.now.replace(year=3000), limit=10))

    assert await database.read(lambda tx: tx.journal.head(run.id)) is None
