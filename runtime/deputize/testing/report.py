"""What a failed test shows of its runs: their activity streams, as ``deputize run`` writes them."""

import io
from collections.abc import Sequence

import pytest
from rich.console import Console

from deputize.activity.entries import ActivityEntry
from deputize.cli.render import RunRenderer
from deputize.cli.terminal import Terminal
from deputize.domain.run import Run
from deputize.testing.bench import Bench, Told


def add_streams(report: pytest.TestReport, bench: Bench) -> None:
    """Add a section for each run of a test that failed, and for each run that its events set off."""
    if not report.failed:
        return
    for told in bench.runs:
        report.sections.append((f"deputize: {told.script} as {told.user}", stream_of(told)))
    for run in bench.set_off:
        title = f"deputize: {run.name} ({run.trigger}) as {run.initiator.id}, set off"
        report.sections.append((title, _stream(bench.resident.entries_of(run.id))))


def skip_repetition(report: pytest.TestReport, bench: Bench, *, users: Sequence[str]) -> None:
    """Count the repetition of a test for one of *users* as skipped, where nothing depended on that one."""
    if report.passed and bench.user in users[1:] and not bench.asked_for_user:
        path, line, _ = report.location
        report.outcome = "skipped"
        report.longrepr = (path, (line or 0) + 1, "Skipped: it names itself who runs its scripts")


def stream_of(told: Told) -> str:
    """Return the stream of a run in words."""
    return _stream(told.entries, run=told.run)


def _stream(entries: Sequence[ActivityEntry], *, run: Run | None = None) -> str:
    text = io.StringIO()
    renderer = RunRenderer(_terminal(text))
    for entry in entries:
        renderer.entry(entry)
    if run is not None:
        renderer.ending(run, exit_note="")
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines())


def _terminal(text: io.StringIO) -> Terminal:
    console = Console(file=text, markup=False, highlight=False, emoji=False, color_system=None)
    return Terminal(out=console, talk=console, plain=True)
