"""What a type checker is asked, and what it answers."""

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Protocol

from deputize.errors import Misconfigured

#: The exit codes, of every checker, where it has looked at every file.
LOOKED: Final = (0, 1)


class TypeCheckerFailed(Misconfigured):
    """The type checker is installed, and ended without an answer."""

    code = "TYPE_CHECKER_FAILED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Something that a type checker has found, in its own words."""

    file: Path
    #: From 1.
    line: int
    #: From 1, in characters.
    column: int
    message: str
    #: The checker's own name for it; empty where it has none.
    rule: str
    severity: Literal["error", "note"]


class TypeChecker(Protocol):
    """A type checker that is installed."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    def is_configured(self, root: Path) -> bool:
        """Tell whether the project at *root* says how it wants to be checked by this one."""
        ...

    def check(
        self, files: Sequence[Path], *, libraries: Sequence[Path], root: Path, typings: Path
    ) -> Sequence[Found]:
        """Return what it finds in *files*, and in the *libraries* that they import.

        *typings* are those of the project at *root*. Raises ``TypeCheckerFailed``.
        """
        ...


def ask(command: Sequence[str], *, folder: Path, environment: Mapping[str, str]) -> tuple[str, str, int]:
    """Return what *command*, a type checker with its arguments, writes, complains of, and ends with."""
    ended = subprocess.run(  # noqa: S603 - the checker is named by this product; what follows are files
        command,
        cwd=folder,
        # Passed on as it is: a checker reads settings of its own there.
        env={**environment, "PYTHONUTF8": "1"},
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
    )
    return ended.stdout, ended.stderr, ended.returncode


def no_answer(name: str, *, out: str, err: str, code: int) -> TypeCheckerFailed:
    """Return the error for a checker that gave none."""
    why = (err.strip() or out.strip() or f"exit {code}").splitlines()[-1]
    return TypeCheckerFailed(f"{name}: {why} Correct its configuration, or leave types out with --no-types.")
