"""What a type checker finds in scripts, told like everything else that is wrong with them.

Theory of operation. mypy is asked in a process of its own, over the scripts as they stand and with typings
of the project that are made for the occasion, so that a name which the project does not have is a type error.
The configuration that stands beside the project file holds; one of a folder above is for something else.
"""

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from deputize.errors import Misconfigured
from deputize.project import Project
from deputize.stubs import write_stubs
from deputize_sandbox import Diagnostic

_MYPY: Final = "mypy"
_OPTIONS: Final = ("--output=json", "--explicit-package-bases", "--namespace-packages", "--no-error-summary")
#: Where mypy looks for its configuration.
_CONFIGURATIONS: Final = ("mypy.ini", ".mypy.ini", "pyproject.toml", "setup.cfg")
#: mypy's exit codes where it has looked at every file.
_LOOKED: Final = (0, 1)


class TypeCheckerFailed(Misconfigured):
    """The type checker is installed, and ended without an answer."""

    code = "TYPE_CHECKER_FAILED"


def can_check_types() -> bool:
    """Whether a type checker is installed where this product is."""
    return importlib.util.find_spec(_MYPY) is not None


def check_types(files: Mapping[Path, str], *, project: Project) -> tuple[Diagnostic, ...]:
    """Return what mypy finds in *files*: scripts of *project*, and the name that each is shown by.

    What it finds in the shared libraries that they import is told as well. Raises ``TypeCheckerFailed``.
    """
    if not files:
        return ()
    with TemporaryDirectory(prefix="deputize-") as folder:
        write_stubs(project, Path(folder), scripts_only=True)
        lines = _mypy([path.resolve() for path in files], root=project.root, typings=Path(folder))
        shown = {path.resolve(): name for path, name in files.items()}
        return tuple(_diagnostics(lines, shown, root=project.root))


def _mypy(files: Sequence[Path], *, root: Path, typings: Path) -> Sequence[Mapping[str, Any]]:
    own = any((root / name).is_file() for name in _CONFIGURATIONS)
    options = _OPTIONS if own else (*_OPTIONS, "--config-file=")
    command = [sys.executable, "-m", _MYPY, *options, "--", *map(str, files)]
    ended = subprocess.run(  # noqa: S603 - mypy is named by this product, and what follows -- are files
        command,
        cwd=root,
        # Passed on as it is: mypy reads settings of its own there.
        env={**os.environ, "MYPYPATH": str(typings), "PYTHONUTF8": "1"},
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
    )
    try:
        lines = [json.loads(line) for line in ended.stdout.splitlines()]
    except ValueError:
        lines = []
    if ended.returncode not in _LOOKED and not lines:
        why = (ended.stderr.strip() or ended.stdout.strip() or f"exit {ended.returncode}").splitlines()[-1]
        raise TypeCheckerFailed(f"mypy: {why} Correct its configuration, or leave types out with --no-types.")
    return lines


def _diagnostics(
    lines: Sequence[Mapping[str, Any]], shown: Mapping[Path, str], *, root: Path
) -> Iterator[Diagnostic]:
    for line in lines:
        path = (root / line["file"]).resolve()
        file = shown.get(path) or (str(path.relative_to(root)) if path.is_relative_to(root) else None)
        if file is None:
            # The typings themselves, or a package that is installed: nothing that an author could change.
            continue
        code = f" [{line['code']}]" if line["code"] else ""
        yield Diagnostic(
            code="TYPE",
            message=f"{line['message']}{code}",
            file=file,
            line=max(line["line"], 1),
            column=max(line["column"], 0) + 1,
            severity="error" if line["severity"] == "error" else "note",
        )
