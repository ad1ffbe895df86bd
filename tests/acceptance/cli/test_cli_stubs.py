"""``deputize stubs``: typings in which the project's names are literals."""

import subprocess
import sys

SCRIPT = """\
from deputize import Runtime
from deputize.script import Constants, Http, Secrets
from shared import contacts


def main(http: Http, constants: Constants, secrets: Secrets) -> None:
    http.get("/x", endpoint={endpoint!r})
    constants[{constant!r}]
    secrets["splunk"]
    contacts.shown({moment})
"""


def mypy(folder, script):
    """Return what mypy says of a script of the project, with its typings."""
    (folder / "scripts/typed.py").write_text(script, encoding="utf-8")
    (folder / "mypy.ini").write_text("[mypy]\nmypy_path = typings\n", encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "mypy", "--explicit-package-bases", "--no-error-summary", "scripts/typed.py"],
        cwd=folder,
        capture_output=True,
        check=False,
        text=True,
    )
    return ended.stdout.splitlines()


def test_a_name_that_the_project_does_not_have_is_a_type_error_that_names_the_choices(deputize, project):
    deputize("stubs")
    right = SCRIPT.format(endpoint="EasyVista", constant="Time Zone", moment="constants")
    wrong = SCRIPT.format(endpoint="EasyVisa", constant="Time Zon", moment="constants")
    said_of_right, said_of_wrong = mypy(project, right), mypy(project, wrong)

    moment = (
        'scripts/typed.py:10: error: Argument 1 to "shown" has incompatible type "Constants"; '
        'expected "datetime"  [arg-type]'
    )
    assert said_of_right == [moment]
    assert said_of_wrong == [
        'scripts/typed.py:7: error: Argument "endpoint" to "get" of "Http" has incompatible type '
        "\"Literal['EasyVisa']\"; expected \"Literal['EasyVista', 'Jira Cloud', 'ServiceNow', 'Splunk', "
        "'Status.io', 'StatusPage', 'platform']\"  [arg-type]",
        'scripts/typed.py:8: error: Invalid index type "Literal[\'Time Zon\']" for "Constants"; expected type '
        "\"Literal['Email Device', 'SMS Device', 'ServiceNow Application Prefix', 'Status.io Page', "
        "'Time Budget', 'Time Zone', 'Voice Device']\"  [index]",
        moment,
    ]


def test_libraries_are_linked_to_where_they_are(deputize, project):
    ended = deputize("stubs", "--json")

    link = project / "typings/shared/contacts.py"
    assert ended.code == 0
    assert str(link) in ended.json["files"]
    assert link.is_symlink()
    assert link.resolve() == project / "shared/contacts.py"


def test_stubs_are_made_anew_and_what_is_no_link_stays(deputize, project):
    deputize("stubs")
    own = project / "typings/shared/contacts.py"
    own.unlink()
    own.write_text("mine = 1\n", encoding="utf-8")
    blocked, elsewhere = deputize("stubs"), deputize("stubs", "--out", "other")

    assert blocked.code == 2
    assert blocked.err == (
        f"error[STUBS_BLOCKED]: {own}: a file of your own is where the link to "
        f"{project / 'shared/contacts.py'} would stand. Move it, or name another folder with --out.\n"
    )
    assert own.read_text(encoding="utf-8") == "mine = 1\n"
    assert elsewhere.code == 0


def test_a_project_without_names_has_none_to_choose_from(deputize, project):
    (project / "deputize.toml").write_text("[users.dana]\n", encoding="utf-8")
    deputize("stubs")

    text = (project / "typings/deputize/script.pyi").read_text(encoding="utf-8")
    assert "Endpoint: TypeAlias = Literal['platform']\n" in text
    assert "Constant: TypeAlias = Never\n" in text


def test_check_says_when_typings_are_not_those_of_the_project_as_it_is_now(deputize, project):
    none = deputize("check", "list_people", "--no-types")
    deputize("stubs")
    fresh = deputize("check", "list_people", "--no-types")
    with (project / "deputize.toml").open("a", encoding="utf-8") as file:
        file.write('[endpoints.New]\nbase_url = "https://new.example"\n')
    outdated = deputize("check", "list_people", "--no-types")

    said = "typings/ does not have the names of the project as it is now: run `deputize stubs`.\n"
    assert (none.err, fresh.err, outdated.err) == ("", "", said)
    assert outdated.code == 0
