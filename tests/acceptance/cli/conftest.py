"""Fixtures that run the command line as a user does: in a process of its own."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Deputize:
    """Runs ``python -m deputize`` in a folder and keeps what every command wrote."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.written: list[str] = []

    def __call__(self, *arguments: str, stdin: bytes = b"", **environment: str) -> Ended:
        process = subprocess.run(
            [sys.executable, "-m", "deputize", *arguments],
            cwd=self.folder,
            env=self.environment(**environment),
            input=stdin,
            capture_output=True,
            check=False,
            timeout=60,
        )
        ended = Ended(code=process.returncode, out=process.stdout.decode(), err=process.stderr.decode())
        self.written += [ended.out, ended.err]
        return ended

    @staticmethod
    def environment(**changes: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DEPUTIZE_")}
        for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM"):
            kept.pop(name, None)
        return kept | {"PYTHONUTF8": "1", "TERM": "xterm-256color"} | changes


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the sample project, to be changed at will."""
    folder = tmp_path / "project"
    shutil.copytree(REPOSITORY / "sample_scripts", folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture
def deputize(project: Path):
    """The command, in the sample project; whatever it wrote must hold no credential."""
    command = Deputize(project)
    yield command
    assert not [text for text in command.written if "dpt_" in text or "Bearer " in text]


@pytest.fixture
def add_script(project: Path):
    """Write a script into the project, as an inbound integration too when asked to."""

    def add(name: str, source: str) -> str:
        path = f"scripts/{name}.py"
        (project / path).write_text(source, encoding="utf-8")
        return path

    return add
