"""The documentation names exactly the commands, options, arguments and exit codes that there are."""

import re
from collections.abc import Iterator

import pytest
import typer

from deputize.cli.app import app
from deputize.cli.errors import ExitCode


@pytest.fixture
def text(request) -> str:
    return (request.config.rootpath / "docs" / "cli.md").read_text(encoding="utf-8")


def commands(command, path: str = "deputize") -> Iterator[tuple[str, object]]:
    """Yield every command with the words that call it."""
    inner = getattr(command, "commands", None)
    if inner is None or command.invoke_without_command:
        yield path, command
    for name, each in (inner or {}).items():
        yield from commands(each, f"{path} {name}")


def usage(command) -> set[str]:
    """Return what may follow the words of a command: its arguments, and the long names of its options."""
    return {
        each.metavar
        if each.param_type_name == "argument"
        else "|".join((max(each.opts, key=len), *each.secondary_opts))
        for each in command.params
        if each.name != "help"
    }


def documented(text: str) -> dict[str, set[str]]:
    """Return what the usage lines say, by the words of the command."""
    lines = re.findall(
        r"^(deputize .+)$", "".join(re.findall(r"```text\n(.*?)```", text, re.DOTALL)), re.MULTILINE
    )
    known = sorted((path for path, _ in commands(typer.main.get_command(app))), key=len, reverse=True)
    found = {}
    for line in lines:
        path = next(each for each in known if f"{line} ".startswith(f"{each} "))
        rest = re.sub(r"(--[\w-]+) (?:[A-Z]+\b|\[[A-Z]+\])", r"\1", line.removeprefix(path))
        words = re.sub(r"\[(--[\w-]+)\](\.\.\.)?", r"\1", rest).split()
        found[path] = set(words)
    return found


def test_every_command_is_documented_with_its_arguments_and_options(text):
    assert documented(text) == {path: usage(each) for path, each in commands(typer.main.get_command(app))}


def test_every_exit_code_is_documented(text):
    below = text[text.index("## Exit codes") :]

    assert [int(each) for each in re.findall(r"^\| (\d+) \|", below, re.MULTILINE)] == [*ExitCode]
