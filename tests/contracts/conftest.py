"""Values as the store keeps them, each different from the one before unless said otherwise."""

import asyncio
from datetime import UTC, datetime
from functools import partial
from itertools import count

import pytest

from deputize.domain.event import Event
from deputize.domain.integration import Integration, ScriptVersion
from deputize.domain.person import Person
from deputize.domain.plan import Form, Plan
from deputize.domain.principal import Principal
from deputize.domain.stored_run import StoredRun

EPOCH = datetime(2018, 4, 17, 20, 2, 47, 476_123, tzinfo=UTC)


class Make:
    """Makes values; what is not given is made up."""

    def __init__(self):
        self._numbers = count(1)

    def person(self, name=None, **more):
        number = next(self._numbers)
        return Person(**{"id": f"person-{number}", "target_name": name or f"name-{number}", **more})

    def plan(self, name=None, **more):
        number = next(self._numbers)
        return Plan(**{"id": f"plan-{number}", "name": name or f"plan name {number}", **more})

    def form(self, plan, name=None, **more):
        number = next(self._numbers)
        return Form(
            **{"id": f"form-{number}", "plan_id": plan.id, "name": name or f"form name {number}", **more}
        )

    def integration(self, plan, name=None, **more):
        number = next(self._numbers)
        return Integration(
            **{
                "id": f"integration-{number}",
                "plan_id": plan.id,
                "name": name or f"integration name {number}",
                "action": "RUN_SCRIPT",
                **more,
            }
        )

    def script(self, owner_id, number=1, **more):
        return ScriptVersion(
            **{
                "id": f"version-{next(self._numbers)}",
                "owner_id": owner_id,
                "number": number,
                "sha256": "0" * 64,
                "source": "def main(): ...\n",
                "author": "dana",
                "created": EPOCH,
                **more,
            }
        )

    def event(self, **more):
        number = next(self._numbers)
        return Event(
            **{
                "id": f"event-{number}",
                "number": str(number),
                "submitter_id": "person-rob",
                "submitter_name": "rob",
                "via": "api",
                "status": "ACTIVE",
                "form": "alert",
                "form_id": None,
                "plan_id": None,
                "priority": "MEDIUM",
                "created": EPOCH,
                "properties": {},
                "recipients": (),
                "request_id": None,
                **more,
            }
        )

    def run(self, *, subject="person-rob", initiator="rob", **more):
        number = next(self._numbers)
        return StoredRun(
            **{
                "id": f"run-{number:04}",
                "integration_id": "integration-1",
                "plan_id": "plan-1",
                "name": "sync_people",
                "trigger": "inbound",
                "script_sha256": "0" * 64,
                "shown_path": "scripts/sync_people.py",
                "start": {"body": "{}"},
                "initiator": Principal(id=initiator, name=initiator.title(), via="basic", subject=subject),
                "trace_id": "0" * 32,
                "queued": EPOCH,
                **more,
            }
        )

    def entry(self, seq=1, **more):
        number = next(self._numbers)
        return {
            "id": f"entry-{number:04}",
            "seq": seq,
            "ts": EPOCH.isoformat(),
            "kind": "log",
            "level": "info",
            "message": "a line",
            **more,
        }


async def _after(tx, *, where, wanted, **more):
    return await tx.entries.after(where, *wanted, **more)


@pytest.fixture
def make():
    return Make()


@pytest.fixture
def epoch():
    return EPOCH


@pytest.fixture
def follow():
    """Reads the feed until it has shown so many entries.

    In PostgreSQL a transaction of another test, however short, may hold it back for a moment.
    """

    async def follow(database, place, number, *wanted, **more):
        found = []
        async with asyncio.timeout(30):
            while len(found) < number:
                where = found[-1].place if found else place
                found += await database.read(
                    partial(_after, where=where, wanted=wanted, limit=number - len(found), **more)
                )
                await asyncio.sleep(0)
        return found

    return follow
