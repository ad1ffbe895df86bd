"""What one test has for itself: its mocks, its clock, its runs, and what must hold at its end."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from deputize.activity.entries import ActivityEntry
from deputize.domain.run import Run
from deputize.domain.stored_run import StoredRun
from deputize.project import Project
from deputize.testing.bundles import RecordMode
from deputize.testing.clock import MovableClock
from deputize.testing.mocks import EndpointMocks
from deputize.testing.resident import Resident
from deputize.testing.unmocked import explain_unanswered, is_of
from deputize_client.testing import UnmockedCall


@dataclass(slots=True, kw_only=True)
class Told:
    """A run as far as it has come."""

    script: str
    #: The file as messages name it.
    file: str
    user: str
    entries: list[ActivityEntry] = field(default_factory=list)
    #: None while it goes on, and when it was broken off.
    run: Run | None = None


class Bench:
    """One test's own."""

    def __init__(
        self,
        project: Project,
        *,
        resident: Callable[[], Resident],
        user: str | None,
        in_process: bool,
        folder: Path,
        mode: RecordMode,
    ) -> None:
        """Take what opens the runtime of *project*; start nothing.

        *user* is who runs scripts by default, and *in_process* whether they run outside of the sandbox.
        *folder* is that of the test, where its bundles are, and *mode* what is recorded into them.
        """
        self.project = project
        self.mocks = EndpointMocks(project)
        self.clock = MovableClock()
        self.user = user
        self.in_process = in_process
        self.folder = folder
        self.mode = mode
        self.runs: list[Told] = []
        #: The bundles that were written, for people.
        self.recorded: list[str] = []
        #: Runs that events have set off.
        self.set_off: tuple[StoredRun, ...] = ()
        #: Whether something depended on who runs scripts by default.
        self.asked_for_user = False
        self._resident = resident
        self._began: Resident | None = None

    @property
    def resident(self) -> Resident:
        """The runtime, begun anew for this test when it is first asked for."""
        if self._began is None:
            self._began = self._resident()
            self._began.begin(self.mocks, self.clock)
        return self._began

    def settle(self) -> tuple[StoredRun, ...]:
        """Wait for what events have set off, and return it."""
        if self._began is not None:
            self.set_off = self._began.settled()
        return self.set_off

    def require_answered(self, told: Told) -> None:
        """Raise ``UnmockedCall`` for calls of the run that no route has answered."""
        __tracebackhide__ = True
        # Others are those of what events have set off: they are told at the end of the test.
        calls = [call for call in self.mocks.unanswered if any(is_of(each, call) for each in told.entries)]
        self.mocks.unanswered = [call for call in self.mocks.unanswered if call not in calls]
        if calls:
            raise UnmockedCall(
                explain_unanswered(calls, streams=[(told.file, told.entries)], routes=self.mocks.routes)
            )

    def conclude(self) -> str | None:
        """Return what does not hold at the end of the test; None when all is well."""
        self.settle()
        calls, self.mocks.unanswered = self.mocks.unanswered, []
        if calls:
            streams = [(run.shown_path, self.resident.entries_of(run.id)) for run in self.set_off]
            return explain_unanswered(calls, streams=streams, routes=self.mocks.routes)
        unused = self.mocks.unused
        if unused:
            lines = [f"    {each.shown}       {each.declared}" for each in unused]
            return "\n".join(
                [
                    "These routes were never called:",
                    *lines,
                    "Remove them, or call deputize_mock.allow_unused().",
                ]
            )
        return None
