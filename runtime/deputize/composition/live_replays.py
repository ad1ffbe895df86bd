"""Live replays from outside the server: whoever serves the database finds the new runs."""

from deputize.activity.entries import Script
from deputize.execution.default_script import default_script
from deputize.platform.embedded.accounts import EmbeddedAccounts
from deputize.store import Database
from deputize.use_cases.replay_live import LiveReplay


def live_replay(database: Database) -> LiveReplay:
    """Return what replays the runs of *database* live. Who serves it performs them within seconds."""
    return LiveReplay(
        database=database,
        accounts=EmbeddedAccounts(database),
        default_script=Script(name=default_script().name, sha256=default_script().sha256),
        submit=_leave,
    )


def _leave(_run_id: str) -> None:
    """Leave the run to the queue of another process, which looks for what nobody has told it of."""
