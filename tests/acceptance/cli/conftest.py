"""Fixtures that run the command line as a user does: in a process of its own."""

import io
import json
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deputize.cli.app import run_command_line

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

    def at_a_terminal(
        self, *arguments: str, typed: Sequence[str] = (), **environment: str
    ) -> tuple[int, str]:
        """Run it at a terminal and type a line at each prompt; return the code and what the terminal shows."""
        ours, theirs = pty.openpty()
        with subprocess.Popen(
            [sys.executable, "-m", "deputize", *arguments],
            cwd=self.folder,
            env=self.environment(**environment),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            # A session of its own: a prompt for what is hidden is written to the terminal of the session.
            start_new_session=True,
        ) as process:
            os.close(theirs)
            shown = b""
            for line in typed:
                while not shown.endswith(b": "):
                    shown += _read(ours)
                os.write(ours, f"{line}\n".encode())
                shown += b"|"
            while chunk := _read(ours):
                shown += chunk
        os.close(ours)
        return process.returncode, shown.decode().replace("\r\n", "\n")

    @staticmethod
    def environment(**changes: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DEPUTIZE_")}
        for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM"):
            kept.pop(name, None)
        return kept | {"PYTHONUTF8": "1", "TERM": "xterm-256color"} | changes


class DeputizeHere(Deputize):
    """Runs the command in this process, at a tenth of the time: for what differs in options only."""

    def __call__(self, *arguments: str, stdin: bytes = b"", **environment: str) -> Ended:
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            patch.setattr(os, "environ", self.environment(**environment))
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            code = run_command_line(list(arguments))
        ended = Ended(code=code, out=_written(out), err=_written(err))
        self.written += [ended.out, ended.err]
        return ended


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    return stream.buffer.getvalue().decode()


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:
        # What Linux says when the other side is closed.
        return b""


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


@pytest.fixture
def deputize_in():
    """Return what makes the command for another folder."""
    return Deputize


@pytest.fixture
def deputize_here():
    """Return what makes the command for another folder, to be run in this process."""
    return DeputizeHere
