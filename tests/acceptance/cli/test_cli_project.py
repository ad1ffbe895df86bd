"""``deputize init``: a project that runs at once."""

import subprocess
import sys

import pytest

from deputize.cli.init import _ABOUT
from deputize.project import Project

FIRST_RUN = ("run", "hello", "--payload", "samples/hello.json", "--stand-ins")


@pytest.fixture
def hello(deputize, project):
    deputize("init", "hello")
    deputize.folder = project / "hello"
    return deputize.folder


def test_init_says_what_it_made_and_what_to_do_next(deputize, project):
    ended = deputize("init", "hello")

    lines = ended.out.splitlines()
    paths = [path.relative_to(project / "hello") for path in (project / "hello").rglob("*.*")]
    made = sorted({"typings/" if path.parts[0] == "typings" else str(path) for path in paths})
    assert (ended.code, ended.err) == (0, "")
    assert lines[0] == "Created hello/"
    assert [line.split()[0] for line in lines[1:-1]] == made == sorted(_ABOUT)
    assert lines[-1] == (
        "Next: cd hello && deputize run hello --as dana --payload samples/hello.json --stand-ins"
    )


def test_init_as_json_lists_the_files(deputize, project):
    document = deputize("init", "hello", "--json").json

    made = [path for path in (project / "hello").rglob("*") if path.is_file()]
    assert document["project"] == "hello"
    assert document["files"] == sorted(str(path.relative_to(project / "hello")) for path in made)


def test_an_editor_completes_the_names_of_a_new_project_at_once(deputize, hello):
    text = (hello / "typings/deputize/script.pyi").read_text(encoding="utf-8")

    assert "Endpoint: TypeAlias = Literal['Chat', 'platform']\n" in text


def test_the_new_project_is_valid(hello):
    assert Project.load(hello / "deputize.toml").file.plans["greetings"].integrations.keys() == {"hello"}


def test_the_first_run_completes(deputize, hello):
    ended = deputize(*FIRST_RUN, "--as", "dana")

    assert ended.code == 0
    assert '"Hello, Sam!"' in ended.out
    assert ended.out.endswith("COMPLETED. 2 calls.   exit 0\n")


def test_the_second_user_is_refused_once_and_the_script_goes_on(deputize, hello):
    ended = deputize(*FIRST_RUN, "--as", "rob")

    assert ended.code == 0
    assert '"Hello, whoever you are!"' in ended.out
    assert "rob needs: View or Use on role Guest" in ended.out
    assert "would pass: role Host" in ended.out
    assert "1 of 2 calls was refused; the script went on." in ended.out


def test_the_new_projects_scripts_pass_check(deputize, hello):
    ended = deputize("check")

    assert (ended.code, ended.err) == (0, "")


def test_the_new_projects_tests_pass(deputize, hello):
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=hello,
        env=deputize.environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert "2 passed" in ended.stdout


def test_a_folder_that_is_not_empty_is_left_alone(deputize, project):
    (project / "taken").mkdir()
    (project / "taken/notes.txt").write_text("mine", encoding="utf-8")
    ended = deputize("init", "taken")

    assert ended.code == 2
    assert ended.err == (
        "error[FOLDER_NOT_EMPTY]: taken: is there already, and is not an empty folder. Choose another name.\n"
    )
    assert [path.name for path in (project / "taken").iterdir()] == ["notes.txt"]


def test_an_empty_folder_may_be_filled(deputize, project):
    (project / "empty").mkdir()

    assert deputize("init", "empty").code == 0


def test_a_file_in_the_way_is_left_alone(deputize, project):
    (project / "file").write_text("mine", encoding="utf-8")

    assert deputize("init", "file").code == 2
    assert (project / "file").read_text(encoding="utf-8") == "mine"
