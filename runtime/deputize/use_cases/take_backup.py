"""Copies the database while it is in use, for whoever administers the deployment."""

import asyncio
import shlex
from pathlib import Path

from sqlalchemy import URL

from deputize.authorisation import decide_function
from deputize.domain.functions import ADMIN
from deputize.store import Database, Transaction
from deputize.store.address import Address
from deputize.store.backup import BackupRefused, back_up
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize.use_cases.errors import require


async def take_backup(database: Database, actor: Actor, *, target: Path) -> int:
    """Copy *database* to *target*, a new file; return its bytes. The record of it is in the copy.

    Raises ``BackupRefused`` on PostgreSQL, which has programs of its own for that, and what ``back_up``
    refuses.
    """

    async def work(tx: Transaction) -> None:
        require(decide_function(await actor.standing(tx), ADMIN, what="take a backup"))
        await note(tx, actor, "backup.taken", f"file:{target.name}"[:600])

    if database.address.many_writers:
        raise BackupRefused(_by_postgresql(database.address, target))
    await database.write(work)
    return await asyncio.to_thread(back_up, database.address, target)


def _by_postgresql(address: Address, target: Path) -> str:
    # Without its password, which would be read by others in the list of processes.
    whole = address.url
    url = URL.create(
        "postgresql",
        username=whole.username,
        host=whole.host,
        port=whole.port,
        database=whole.database,
        query=whole.query,
    )
    command = shlex.join(["pg_dump", "--format=custom", f"--file={target}", str(url)])
    return (
        f"The database {address} is PostgreSQL's to back up, online as well. Use:\n{command}\n"
        "and keep DEPUTIZE_KEY apart from it: without the key it opens nothing."
    )
