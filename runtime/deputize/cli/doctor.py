"""``deputize doctor``: whether this machine can confine scripts, and what it lacks."""

import asyncio
import platform
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rich.text import Text

from deputize import __version__
from deputize.cli.errors import ExitCode
from deputize.cli.escape import visible
from deputize.cli.marks import ABSENT, FAILED, OK
from deputize.cli.terminal import Terminal
from deputize.errors import Misconfigured, ProjectNotFound
from deputize.project import Project, find_project
from deputize.settings import Settings
from deputize_sandbox import JailReport, examine

_PYTHON_FLOOR = (3, 11)
#: Characters of the longest name, which is that of a layer of the jail.
_NAME = 23
_PACKAGES = ("RestrictedPython", "httpx", "pydantic", "structlog", "starlette", "SQLAlchemy", "typer")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectReport:
    """Whether there is a project here and can be read; no project is no problem."""

    path: str | None
    problem: str | None

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong with it."""
        return self.problem is None


def examine_machine(*, project: Path | None, as_json: bool, plain: bool) -> ExitCode:
    """Probe what scripts need here and print it; 2 if something is missing."""
    terminal = Terminal.open(plain=plain)
    jail = asyncio.run(examine(allow_contained=Settings.read().allow_contained_jail))
    found = _project(project)
    python_ok = sys.version_info >= _PYTHON_FLOOR
    ok = jail.ok and found.ok and python_ok
    if as_json:
        terminal.write_json(
            {
                "ok": ok,
                "deputize": __version__,
                "python": {"version": platform.python_version(), "ok": python_ok},
                "platform": {
                    "system": platform.system(),
                    "release": platform.release(),
                    "machine": platform.machine(),
                },
                "jail": {
                    "ok": jail.ok,
                    "tier": jail.tier.value,
                    "layers": [
                        {"name": layer.name, "ok": layer.ok, "detail": layer.detail} for layer in jail.layers
                    ],
                },
                "packages": _packages(),
                "project": {"path": found.path, "ok": found.ok, "problem": found.problem},
            }
        )
    else:
        _show(terminal, jail, found, python_ok=python_ok)
    return ExitCode.OK if ok else ExitCode.USAGE


def _project(project: Path | None) -> ProjectReport:
    try:
        path = find_project(project or Path())
    except ProjectNotFound as error:
        return ProjectReport(path=None, problem=str(error) if project else None)
    try:
        Project.load(path)
    except Misconfigured as error:
        return ProjectReport(path=str(path), problem=str(error))
    return ProjectReport(path=str(path), problem=None)


def _packages() -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    return found


def _show(terminal: Terminal, jail: JailReport, project: ProjectReport, *, python_ok: bool) -> None:
    _line(terminal, "deputize", __version__, ok=True)
    _line(terminal, "python", f"{platform.python_version()} (3.11 or newer is needed)", ok=python_ok)
    _line(terminal, "platform", f"{platform.system()} {platform.release()} {platform.machine()}", ok=None)
    _line(terminal, "jail", f"{jail.tier}", ok=jail.ok)
    for layer in jail.layers:
        _line(terminal, f"jail: {layer.name}", layer.detail, ok=layer.ok)
    packages = ", ".join(f"{name} {number or 'missing'}" for name, number in _packages().items())
    _line(terminal, "packages", packages, ok=None if all(_packages().values()) else False)
    if project.problem is not None:
        _line(terminal, "project", project.problem, ok=False)
    elif project.path is None:
        _line(terminal, "project", "none here; `deputize init NAME` makes one", ok=None)
    else:
        _line(terminal, "project", project.path, ok=True)
    missing = [layer.name for layer in jail.layers if not layer.ok]
    terminal.write()
    if jail.ok:
        terminal.write("Scripts can be confined here.")
    else:
        terminal.write(
            f"No jail, no scripts: this machine lacks {', '.join(missing)}, "
            "and a script never runs unconfined."
        )


def _line(terminal: Terminal, name: str, detail: str, *, ok: bool | None) -> None:
    mark, word = {True: (OK, "OK"), False: (FAILED, "MISSING"), None: (ABSENT, "")}[ok]
    line = Text()
    sign = f"{word:<8}" if terminal.plain else f"{mark.symbol} "
    line.append(sign, style="" if terminal.plain else mark.style)
    line.append(f"{visible(name):<{_NAME}} {visible(detail)}")
    terminal.write(line)
