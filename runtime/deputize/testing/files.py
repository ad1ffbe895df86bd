"""Which file a script or a shared library of a project was read from."""

from collections.abc import Iterator
from pathlib import Path

from deputize.project import Project


class ScriptFiles:
    """Finds files again by the name that messages give them, and by their text."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def locate(self, name: str, source: str) -> str:
        """Return the file *name* that holds *source*, as a whole path; *name* itself where there is none."""
        for path in self._candidates(name):
            if path.is_file() and path.read_text(encoding="utf-8", errors="replace") == source:
                return str(path.resolve())
        return name

    def _candidates(self, name: str) -> Iterator[Path]:
        root = self._project.root
        yield from (Path(name), root / name)
        # What messages call shared/NAME.py may lie elsewhere, in each plan in another place.
        for plan in self._project.file.plans.values():
            yield from (
                root / file for library, file in plan.shared.items() if name == f"shared/{library}.py"
            )
