"""``deputize stubs``: typings in which the project's names are literals."""

from pathlib import Path

from deputize.cli.errors import ExitCode
from deputize.cli.escape import visible
from deputize.cli.terminal import Terminal
from deputize.project import Project, find_project
from deputize.stubs import FOLDER, write_stubs


def make_stubs(*, out: Path | None, project: Path | None, as_json: bool, plain: bool) -> ExitCode:
    """Write the typings of the project into *out*, by default ``typings`` beside the project file."""
    terminal = Terminal.open(plain=plain)
    loaded = Project.load(find_project(project or Path()))
    folder = out or loaded.root / FOLDER
    written = write_stubs(loaded, folder)
    if as_json:
        terminal.write_json({"folder": str(folder), "files": [str(each) for each in written]})
    else:
        for each in written:
            terminal.write(visible(str(each)))
    setting = f'mypy_path = "{visible(str(folder))}"'
    terminal.say(f'pyright and Pylance look into "{FOLDER}" by themselves; mypy needs the setting {setting}.')
    return ExitCode.OK
