"""Asks pyright or basedpyright, in a process of its own.

Theory of operation. pyright takes files or a configuration, never both, and looks for typings only where a
configuration says. So it is given a configuration of the moment, beside the typings, that names the files and
goes on from the one that stands beside the project file, if there is one.
"""

import importlib.util
import json
import os
import shutil
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from deputize.type_check.checker import LOOKED, Found, ask, no_answer

#: As Python packages, and as programs.
_NAMES: Final = ("pyright", "basedpyright")
_CONFIGURATION: Final = "pyrightconfig.json"
_PYPROJECT: Final = "pyproject.toml"
#: What pyright itself does by default; basedpyright would find fault with much that is meant.
_MODE: Final = "standard"


class Pyright:
    """Implements ``TypeChecker``."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        """Take the *name* of the one that is meant, and the *command* that starts it."""
        self._name = name
        self._command = tuple(command)

    @classmethod
    def installed(cls) -> "Pyright | None":
        """Return the one that is installed beside this product, or else the one in PATH."""
        for name in _NAMES:
            if importlib.util.find_spec(name) is not None:
                return cls(name, (sys.executable, "-m", name))
        for name in _NAMES:
            program = shutil.which(name)
            if program is not None:
                return cls(name, (program,))
        return None

    @property
    def name(self) -> str:
        """What it is called."""
        return self._name

    def is_configured(self, root: Path) -> bool:
        """Tell whether *root* has a configuration of pyright."""
        return _configuration(root) is not None

    def check(
        self, files: Sequence[Path], *, libraries: Sequence[Path], root: Path, typings: Path
    ) -> Sequence[Found]:
        """Return what it finds. Raises ``TypeCheckerFailed``."""
        own = _configuration(root)
        more = {"typeCheckingMode": _MODE} if own is None else {"extends": str(own)}
        project = typings / _CONFIGURATION
        settings = {**more, "include": [str(each) for each in (*files, *libraries)], "stubPath": str(typings)}
        project.write_text(json.dumps(settings), encoding="utf-8")
        out, err, code = ask(
            [*self._command, "--outputjson", "--pythonpath", sys.executable, "--project", str(project)],
            folder=root,
            environment=os.environ,
        )
        try:
            found = json.loads(out)["generalDiagnostics"]
        except (ValueError, KeyError, TypeError):
            found = []
            code = code if code not in LOOKED else -1
        if code not in LOOKED and not found:
            raise no_answer(self.name, out=out, err=err, code=code)
        return [_found(each) for each in found]


def _configuration(root: Path) -> Path | None:
    """Return the file of *root* that says how pyright is to check."""
    own = root / _CONFIGURATION
    if own.is_file():
        return own
    pyproject = root / _PYPROJECT
    try:
        tools = tomllib.loads(pyproject.read_text(encoding="utf-8")).get("tool", {})
    except (OSError, ValueError):
        return None
    return pyproject if any(name in tools for name in _NAMES) else None


def _found(told: Mapping[str, Any]) -> Found:
    file, start = Path(told["file"]).resolve(), told.get("range", {}).get("start", {})
    line, units = start.get("line", 0), start.get("character", 0)
    return Found(
        file=file,
        line=line + 1,
        column=_characters(file, line, units) + 1,
        # Its reasons stand below it, each on a line of its own.
        message="; ".join(each.strip() for each in told["message"].splitlines()),
        rule=told.get("rule", ""),
        severity="error" if told["severity"] == "error" else "note",
    )


def _characters(file: Path, line: int, units: int) -> int:
    """Return how many characters of *line* are before *units* of UTF-16, in which pyright counts."""
    try:
        text = file.read_text(encoding="utf-8").splitlines()[line]
    except (OSError, ValueError, IndexError):
        return units
    return len(text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore"))
