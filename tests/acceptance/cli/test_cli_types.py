"""``deputize check`` and types: what mypy or pyright finds, where, and in which words."""

import json
import sys

import pytest

from deputize.project import Project
from deputize.type_check import type_checker_of

CHECKERS = ("mypy", "pyright", "basedpyright")
#: Configurations that say who is to check, by their file.
OF_PYRIGHT = {
    "pyrightconfig.json": '{"typeCheckingMode": "standard"}',
    "pyproject.toml": '[tool.basedpyright]\ntypeCheckingMode = "standard"\n',
}


@pytest.fixture
def by_pyright(project):
    """A project that says in a file of its own that pyright is to check it."""
    (project / "pyrightconfig.json").write_text(OF_PYRIGHT["pyrightconfig.json"], encoding="utf-8")
    return project


def of_types(ended) -> list[tuple[str, str, str]]:
    """Return the place, severity and message of each finding about types."""
    return [
        (f"{each['file']}:{each['line']}:{each['column']}", each["severity"], each["message"])
        for each in json.loads(ended.out)["diagnostics"]
        if each["code"] == "TYPE"
    ]


@pytest.mark.parametrize("name", OF_PYRIGHT)
def test_a_project_that_configures_pyright_is_checked_by_it_and_every_other_by_mypy(project, name):
    before = type_checker_of(Project.load(project / "deputize.toml"))
    (project / name).write_text(OF_PYRIGHT[name], encoding="utf-8")
    after = type_checker_of(Project.load(project / "deputize.toml"))

    assert (before.name, after.name) == ("mypy", "basedpyright")


def test_without_mypy_pyright_is_asked(project, monkeypatch):
    monkeypatch.setitem(sys.modules, "mypy", None)

    assert type_checker_of(Project.load(project / "deputize.toml")).name == "basedpyright"


def test_the_program_in_path_is_asked_where_there_is_no_package(project, monkeypatch):
    for checker in CHECKERS:
        monkeypatch.setitem(sys.modules, checker, None)
    monkeypatch.setattr("shutil.which", {"pyright": "/opt/bin/pyright"}.get)

    assert type_checker_of(Project.load(project / "deputize.toml")).name == "pyright"


def test_pyright_finds_what_mypy_finds_at_the_same_places(deputize, project, add_script):
    script = add_script(
        "typed",
        "from deputize.script import Constants, Http\n\n"
        "def main(http: Http, constants: Constants) -> None:\n"
        "    http.get(1).raise_for_status()\n"
        '    print("\U0001f600", constants["Time Zon"])\n',
    )
    by_mypy = deputize("check", script, "--json")
    (project / "pyrightconfig.json").write_text(OF_PYRIGHT["pyrightconfig.json"], encoding="utf-8")
    by_pyright = deputize("check", script, "--json")

    places = [place for place, _, _ in of_types(by_mypy)]
    assert by_pyright.code == 2
    assert of_types(by_pyright) == [
        (
            f"{script}:4:14",
            "error",
            'Argument of type "Literal[1]" cannot be assigned to parameter "path" of type "str" in function '
            '"get"; "Literal[1]" is not assignable to "str" [reportArgumentType]',
        ),
        (f"{script}:5:16", "error", of_types(by_pyright)[1][2]),
    ]
    assert of_types(by_pyright)[1][2].startswith(
        "Argument of type \"Literal['Time Zon']\" cannot be assigned"
    )
    assert places[0] == f"{script}:4:14"


def test_pyright_looks_at_the_libraries_that_a_script_imports_and_at_no_others(deputize, by_pyright):
    for name in ("contacts", "statusio"):
        with (by_pyright / f"shared/{name}.py").open("a", encoding="utf-8") as file:
            file.write('\n\nWRONG: int = "text"\n')
    ended = deputize("check", "sync_contact", "--json")

    assert {place.partition(":")[0] for place, _, _ in of_types(ended)} == {"shared/contacts.py"}


def test_the_sample_scripts_pass_by_pyright_as_well(deputize, by_pyright):
    ended = deputize("check", "--json")

    assert (ended.code, of_types(ended)) == (0, [])


def test_a_pyright_that_gives_no_answer_is_named_and_everything_else_is_told(
    deputize_here, project, tmp_path, monkeypatch
):
    for checker in CHECKERS:
        monkeypatch.setitem(sys.modules, checker, None)
    program = tmp_path / "pyright"
    program.write_text("#!/bin/sh\necho 'no such option' >&2\nexit 4\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr("shutil.which", {"pyright": str(program)}.get)
    ended = deputize_here(project)("check", "list_people")

    assert (ended.code, ended.err) == (
        0,
        "Types were not checked. pyright: no such option Correct its configuration, or leave types out with "
        "--no-types.\n",
    )


def test_what_a_type_checker_finds_is_told_with_its_place(deputize, add_script):
    script = add_script(
        "typed",
        "from deputize.script import Constants, Http\n\n"
        "def main(http: Http, constants: Constants) -> None:\n"
        "    http.get(1).raise_for_status()\n"
        '    http.get("/x", endpoint="EasyVista").raise_for_status()\n',
    )
    ended, without = deputize("check", script), deputize("check", script, "--no-types")

    assert (ended.code, without.code) == (2, 0)
    assert (
        f'{script}:4:14  error  TYPE  Argument 1 to "get" of "Http" has incompatible type "int"; '
        'expected "str" [arg-type]'
    ) in ended.out.splitlines()
    assert "TYPE" not in without.out


def test_a_type_checker_that_gives_no_answer_is_named_and_everything_else_is_told(deputize, project):
    (project / "mypy.ini").write_text("[mypy]\nplugins = nowhere.to.be.found\n", encoding="utf-8")
    ended = deputize("check", "acknowledge")

    assert ended.code == 0
    assert ended.err.startswith("Types were not checked. mypy: ")
    assert ended.err.endswith("Correct its configuration, or leave types out with --no-types.\n")


def test_without_a_type_checker_that_is_said_once_unless_it_is_meant(deputize_here, project, monkeypatch):
    for checker in CHECKERS:
        monkeypatch.setitem(sys.modules, checker, None)
    monkeypatch.setattr("shutil.which", lambda _name: None)
    here = deputize_here(project)
    ended, meant = here("check", "list_people"), here("check", "list_people", "--no-types")

    assert (ended.code, ended.err) == (
        0,
        "Types were not checked: neither mypy nor pyright is installed. --no-types says that this is meant.\n",
    )
    assert (meant.code, meant.err) == (0, "")
