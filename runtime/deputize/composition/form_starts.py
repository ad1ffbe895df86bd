"""Starts of forms beside the server: kept in its database, and taken up by it."""

from deputize.platform.embedded.commits import Commits
from deputize.platform.embedded.form_starts import FormStarts
from deputize.platform.interface import FormStarter
from deputize.store import Database


def form_starter(database: Database) -> FormStarter:
    """Return what starts forms in a process that performs no runs.

    What is set off stands in the database; the server finds it within seconds, or when it starts.
    """
    return FormStarts(database, on_run=_leave_to_the_server, commits=Commits())


def _leave_to_the_server(_run_id: str) -> None:
    return
