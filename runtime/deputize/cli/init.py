"""``deputize init``: make a small project that runs at once."""

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath

from deputize.cli.errors import ExitCode
from deputize.cli.escape import visible
from deputize.cli.terminal import Terminal
from deputize.errors import Refused
from deputize.project import Project
from deputize.project.load import PROJECT_FILE
from deputize.stubs import FOLDER, write_stubs

_FIRST_RUN = "deputize run hello --as dana --payload samples/hello.json --stand-ins"
#: What is in each file, for somebody who has just made them.
_ABOUT = {
    "README.md": "what to try next",
    "deputize.toml": "two users, two roles, one endpoint, one integration",
    "samples/hello.json": "what sets the script off",
    "scripts/hello.py": "a script that looks somebody up and greets them",
    "stand_ins/chat.toml": "canned answers in place of the chat system",
    "tests/test_hello.py": "a test of both users; passes",
    f"{FOLDER}/": "your editor completes the project's names",
}


class FolderNotEmpty(Refused):
    """The folder has something in it, which is left alone."""

    code = "FOLDER_NOT_EMPTY"


class FolderNotMade(Refused):
    """The folder cannot be made or written to."""

    code = "FOLDER_NOT_MADE"


def make_project(folder: Path, *, as_json: bool, plain: bool) -> ExitCode:
    """Copy the template into *folder*, make its typings, and say what to do next.

    Raises ``FolderNotEmpty`` when anything is there; nothing is ever overwritten.
    """
    terminal = Terminal.open(plain=plain)
    written = _copy(folder)
    typings = write_stubs(Project.load(folder / PROJECT_FILE), folder / FOLDER)
    if as_json:
        files = [*written, *(str(each.relative_to(folder)) for each in typings)]
        terminal.write_json({"project": str(folder), "files": files, "next": _FIRST_RUN})
        return ExitCode.OK
    name = visible(str(folder))
    terminal.write(f"Created {name}/")
    for path in (*written, f"{FOLDER}/"):
        terminal.write(f"  {path:<21} {_ABOUT[path]}")
    terminal.write(f"Next: cd {name} && {_FIRST_RUN}")
    return ExitCode.OK


def _copy(folder: Path) -> list[str]:
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise FolderNotEmpty(
                f"{folder}: is there already, and is not an empty folder. Choose another name."
            )
        written = []
        for path, source in sorted(_template_files(), key=lambda each: each[0]):
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                file.write(source.read_bytes())
            written.append(str(path))
    except OSError as error:
        raise FolderNotMade(f"{folder}: cannot be made: {error.strerror}.") from None
    return written


def _template_files() -> Iterator[tuple[PurePosixPath, Traversable]]:
    return _walk(files("deputize.cli") / "templates" / "project", PurePosixPath())


def _walk(folder: Traversable, path: PurePosixPath) -> Iterator[tuple[PurePosixPath, Traversable]]:
    for each in folder.iterdir():
        if each.name == "__pycache__":
            continue
        if each.is_dir():
            yield from _walk(each, path / each.name)
        else:
            yield path / each.name, each
