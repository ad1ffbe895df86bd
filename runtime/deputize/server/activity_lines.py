"""The whole activity of a run, an entry to a line."""

from collections.abc import AsyncIterator

from deputize.server.ascii_json import ascii_json
from deputize.server.parts import ServerParts
from deputize.use_cases.actor import Actor
from deputize.use_cases.see_runs import Entry, see_run_activity

#: Entries that are read at a time.
BATCH = 200


async def activity_lines(
    parts: ServerParts, actor: Actor, run_id: str, entries: list[Entry]
) -> AsyncIterator[bytes]:
    """Yield a line for each of *entries* and of those that come after; judge anew for every batch."""
    while entries:
        for each in entries:
            yield ascii_json(each) + b"\n"
        after_seq = int(str(entries[-1]["seq"]))
        entries = await see_run_activity(
            parts.database, actor, run_id=run_id, after_seq=after_seq, limit=BATCH
        )
