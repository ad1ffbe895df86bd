"""``deputize check``: what is wrong with scripts, without running them."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

from rich.text import Text

from deputize.cli.diagnostics import diagnostic_json, diagnostic_line
from deputize.cli.errors import ExitCode
from deputize.cli.escape import visible
from deputize.cli.marks import FAILED
from deputize.cli.terminal import Terminal
from deputize.errors import UnknownIntegration
from deputize.project import Project, find_project
from deputize.project.source import find_script, scripts_in, scripts_without_integration
from deputize.runtime import Runtime
from deputize.stubs import FOLDER, are_outdated
from deputize.type_check import TypeCheckerFailed, check_types, type_checker_of
from deputize_sandbox import Diagnostic


def check_scripts(
    scripts: tuple[str, ...], *, types: bool, project: Path | None, as_json: bool, plain: bool
) -> ExitCode:
    """Compile *scripts*, or every integration's script, and print what was found; 2 if there are errors.

    With *types*, a type checker looks at them too, where there is one.
    """
    terminal = Terminal.open(plain=plain)
    runtime = Runtime.open(find_project(project or Path()))
    scripts = tuple(each for given in scripts for each in _those_of(given))
    unbound = [] if scripts else scripts_without_integration(runtime.project)
    if not scripts and runtime.project is not None:
        scripts = tuple(f"{each.plan}/{each.name}" for each in runtime.project.integrations())
    began = time.monotonic()
    diagnostics = asyncio.run(_check(runtime, scripts))
    if types and runtime.project is not None:
        diagnostics += _check_types(terminal, scripts, runtime.project)
    errors = sum(each.severity == "error" for each in diagnostics)
    notes = len(diagnostics) - errors
    if as_json:
        terminal.write_json(
            {
                "scripts": list(scripts),
                "errors": errors,
                "notes": notes,
                "diagnostics": [diagnostic_json(each) for each in diagnostics],
            }
        )
    else:
        _show(terminal, diagnostics)
        elapsed = (time.monotonic() - began) * 1000
        found = ", ".join([_count(errors, "error"), *([_count(notes, "note")] if notes else [])])
        terminal.write(f"{found} in {_count(len(scripts), 'script')} ({elapsed:.0f} ms)")
    if unbound:
        names = ", ".join(map(visible, unbound))
        terminal.say(f"Not checked, for no integration runs it: {names}. `deputize check FILE` checks one.")
    if runtime.project is not None and are_outdated(runtime.project, runtime.project.root / FOLDER):
        terminal.say(f"{FOLDER}/ does not have the names of the project as it is now: run `deputize stubs`.")
    return ExitCode.USAGE if errors else ExitCode.OK


def _those_of(given: str) -> list[str]:
    """Return the scripts that *given* names: it is one, or the folder of several."""
    folder = Path(given)
    if not folder.is_dir():
        return [given]
    found = [str(each) for each in scripts_in(folder)]
    if not found:
        raise UnknownIntegration(f"{given}: no script is in this folder. Name a folder that has files *.py.")
    return found


async def _check(runtime: Runtime, scripts: tuple[str, ...]) -> list[Diagnostic]:
    async with runtime:
        # Two integrations may share a script: what is wrong with it is said once.
        found = [diagnostic for script in scripts for diagnostic in await runtime.check(script)]
    return list(dict.fromkeys(found))


def _check_types(terminal: Terminal, scripts: tuple[str, ...], project: Project) -> Sequence[Diagnostic]:
    checker = type_checker_of(project)
    if checker is None:
        terminal.say(
            "Types were not checked: neither mypy nor pyright is installed. "
            "--no-types says that this is meant."
        )
        return ()
    sources = [find_script(script, project=project) for script in scripts]
    files = {source.path: source.shown_path for source in sources if source.path is not None}
    try:
        return check_types(files, project=project, checker=checker)
    except TypeCheckerFailed as error:
        terminal.say(visible(f"Types were not checked. {error}"))
        return ()


def _show(terminal: Terminal, diagnostics: list[Diagnostic]) -> None:
    for diagnostic in diagnostics:
        line = Text(diagnostic_line(diagnostic))
        if diagnostic.severity == "error" and not terminal.plain:
            line.highlight_words(["  error  "], FAILED.style)
        terminal.write(line)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
