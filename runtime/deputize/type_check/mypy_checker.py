"""Asks mypy, in a process of its own."""

import importlib.util
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from deputize.type_check.checker import LOOKED, Found, ask, no_answer

_OPTIONS: Final = ("--output=json", "--explicit-package-bases", "--namespace-packages", "--no-error-summary")
#: Where mypy looks for its configuration.
_CONFIGURATIONS: Final = ("mypy.ini", ".mypy.ini", "pyproject.toml", "setup.cfg")


class Mypy:
    """Implements ``TypeChecker``."""

    name: Final = "mypy"

    @classmethod
    def installed(cls) -> "Mypy | None":
        """Return it, where it is installed beside this product."""
        return None if importlib.util.find_spec(cls.name) is None else cls()

    def is_configured(self, root: Path) -> bool:
        """Tell whether a file of *root* is one that mypy reads."""
        return any((root / name).is_file() for name in _CONFIGURATIONS)

    def check(
        self, files: Sequence[Path], *, libraries: Sequence[Path], root: Path, typings: Path
    ) -> Sequence[Found]:
        """Return what it finds; to *libraries* it follows by itself. Raises ``TypeCheckerFailed``."""
        options = _OPTIONS if self.is_configured(root) else (*_OPTIONS, "--config-file=")
        out, err, code = ask(
            [sys.executable, "-m", self.name, *options, "--", *map(str, files)],
            folder=root,
            environment={**os.environ, "MYPYPATH": str(typings)},
        )
        try:
            lines = [json.loads(line) for line in out.splitlines()]
        except ValueError:
            lines = []
        if code not in LOOKED and not lines:
            raise no_answer(self.name, out=out, err=err, code=code)
        return [_found(line, root) for line in lines]


def _found(line: Mapping[str, Any], root: Path) -> Found:
    return Found(
        file=(root / line["file"]).resolve(),
        line=max(line["line"], 1),
        column=max(line["column"], 0) + 1,
        message=line["message"],
        rule=line["code"] or "",
        severity="error" if line["severity"] == "error" else "note",
    )
