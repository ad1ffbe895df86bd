"""What knows whom somebody would see, for a command that looks at a deployment beside its server."""

from collections.abc import Sequence

from deputize.platform.embedded import EmbeddedPlatform
from deputize.platform.embedded.scripts import Draft
from deputize.platform.interface import Foresight
from deputize.store import Database


def foresight_of(database: Database) -> Foresight:
    """Return the embedded platform over *database*: asked about reads, it needs no sandbox and no queue."""
    return EmbeddedPlatform(database, on_run=_unheard, check_script=_unchecked)


def _unheard(run_id: str) -> None:
    raise AssertionError(f"a rehearsal set the run {run_id} off")


async def _unchecked(draft: Draft) -> Sequence[str]:
    raise AssertionError(f"a read brought a script: {draft.name}")
