"""The runtimes that stay open for the tests of one process: one to a project, and not too many."""

from collections import OrderedDict
from pathlib import Path
from typing import Final

from deputize.project import Project, find_project
from deputize.testing.resident import Resident

#: Each holds a sandbox and a platform. Tests that bring projects of their own make many.
_MOST: Final = 3


class Residents:
    """Opens a runtime when it is first asked for, and closes the one that was not used for longest."""

    def __init__(self) -> None:
        self._projects: dict[Path, Project] = {}
        self._open: OrderedDict[Path, Resident] = OrderedDict()

    def project(self, path: Path) -> Project:
        """Return the project at *path*, or the nearest above it, which is read once.

        Raises ``ProjectNotFound``, ``ProjectInvalid``.
        """
        file = find_project(path).resolve()
        if file not in self._projects:
            self._projects[file] = Project.load(file)
        return self._projects[file]

    def of(self, project: Project) -> Resident:
        """Return the open runtime of *project*."""
        key = project.path
        if key not in self._open:
            while len(self._open) >= _MOST:
                self._open.popitem(last=False)[1].close()
            self._open[key] = Resident(project)
        self._open.move_to_end(key)
        return self._open[key]

    def close(self) -> None:
        """Close all of them."""
        while self._open:
            self._open.popitem()[1].close()
