"""Which shared libraries scripts import."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from deputize.project import Project
from deputize.project.source import libraries

_SHARED: Final = "shared"


def imported(files: Iterable[Path], project: Project) -> Iterator[Path]:
    """Yield the shared libraries that *files* import, and those that these import."""
    known: dict[str, list[Path]] = {}
    for library in libraries(project):
        known.setdefault(library.name, []).append(library.path.resolve())
    seen: set[Path] = set()
    left = list(files)
    while left:
        for name in _libraries_named(left.pop()):
            # Two plans may have one of the same name: an editor can know only the first.
            for path in known.get(name, [])[:1]:
                if path not in seen:
                    seen.add(path)
                    left.append(path)
                    yield path


def _libraries_named(file: Path) -> Iterator[str]:
    try:
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError):
        # The checker says so itself.
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == _SHARED:
            yield from (each.name for each in node.names)
