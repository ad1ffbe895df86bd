"""Reading ``deputize.toml``: what it may hold, and what a mistake in it gets."""

from pathlib import Path

import pytest

from deputize.errors import ProjectInvalid, ProjectNotFound, UnknownIntegration
from deputize.project import Project, find_project
from deputize.project.roles import roles_of
from deputize.project.source import find_script

WHOLE = """
[platform]
[users.dana]
roles = ["Company Supervisor"]
[users.rob]
roles = ["REST Web Service User"]
[roles."Company Supervisor"]
functions = ["people", "events", "plans"]
on = { "*" = ["View", "Use", "Edit"] }
[roles."REST Web Service User"]
functions = ["rest"]
[endpoints.EasyVista]
base_url = "https://example.easyvista.example/"
auth = { type = "basic", user = "svc", password = { secret = "easyvista" } }
methods = ["GET", "put"]
networks = ["10.2.0.0/16"]
stand_in = "stand_ins/easyvista.toml"
[plans.incidents]
access = "all"
constants = { "Application Prefix" = "x_xma" }
[plans.incidents.forms.alert]
senders = { roles = ["REST Web Service User"] }
start = ["ui", "api", "mobile"]
[plans.incidents.integrations.acknowledge]
on = "RESPONSE"
form = "alert"
script = "scripts/acknowledge.py"
[limits]
wall_seconds = 60
memory_mb = 128
"""


@pytest.fixture
def write(tmp_path):
    def write(text: str, name: str = "deputize.toml") -> Path:
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


def test_the_documented_file_is_read_whole(write):
    project = Project.load(write(WHOLE))

    assert project.file.endpoints["EasyVista"].methods == ("GET", "PUT")
    assert project.file.plans["incidents"].constants == {"Application Prefix": "x_xma"}
    assert [each.name for each in project.integrations()] == ["acknowledge"]


def test_a_pyproject_table_is_the_same(write):
    path = write(
        "[tool.deputize.users.dana]\nroles = []\n[tool.deputize.limits]\nwall_seconds = 5\n", "pyproject.toml"
    )

    assert find_project(path.parent) == path
    assert Project.load(path).file.limits.wall_seconds == 5


def test_the_nearest_file_upward_is_the_project(write, tmp_path):
    path = write(WHOLE)
    (tmp_path / "scripts" / "deep").mkdir(parents=True)

    assert find_project(tmp_path / "scripts" / "deep") == path


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "[limits]\nwall_seconds",
            "[limits]\nwall_second",
            'limits.wall_second: unknown key. Did you mean "wall_seconds"?',
        ),
        (
            "[endpoints.EasyVista]\nbase_url",
            "[endpoints.EasyVista]\nbaseurl",
            'endpoints.EasyVista.baseurl: unknown key. Did you mean "base_url"?',
        ),
        ("[limits]", "[limit]", 'limit: unknown key. Did you mean "limits"?'),
        ("memory_mb = 128", 'memory_mb = "much"', "limits.memory_mb: Input should be a valid integer"),
        (
            "https://example",
            "ftp://example",
            "endpoints.EasyVista.base_url: must be a full address such as https://host.example/",
        ),
        ('form = "alert"', 'form = "allert"', 'there is no form "allert". Did you mean "alert"?'),
        (
            '[users.rob]\nroles = ["REST Web',
            '[users.rob]\nroles = ["REST Wep',
            'users.rob.roles: there is no role "REST Wep Service User".',
        ),
        (
            "[endpoints.EasyVista]",
            "[endpoints.platform]",
            "endpoints.platform: this name is the platform's own",
        ),
        ('on = "RESPONSE"', "", "needs exactly one of `on` (outbound"),
        (
            'functions = ["rest"]',
            'functions = ["rast"]',
            'roles."REST Web Service User".functions: there is no function "rast". Did you mean "rest"?',
        ),
        (
            "[limits]",
            '[secrets.pin]\nendpoints = ["EasyVsta"]\n[limits]',
            'secrets.pin.endpoints: there is no endpoint "EasyVsta". Did you mean "EasyVista"?',
        ),
        (
            "[limits]",
            '[plans.incidents.shared]\n_snow = "shared/snow.py"\n[limits]',
            'plans.incidents.shared: "_snow" cannot be imported.',
        ),
        (
            'on = "RESPONSE"',
            'on = "STATUS"\nresponse = "Yes"',
            '`response` belongs to integrations with on = "RESPONSE"',
        ),
        (
            'on = "RESPONSE"\nform = "alert"',
            'auth = "basic"\naction = "CREATE_EVENT"',
            "`form` is missing: CREATE_EVENT sends one",
        ),
        (
            'on = "RESPONSE"',
            'auth = "signature"',
            '`signature` is missing: auth = "signature" needs one, as { preset = "github" }',
        ),
        (
            'on = "RESPONSE"',
            'auth = "basic"\nsignature = { preset = "github" }',
            '`signature` belongs to integrations with auth = "signature"',
        ),
        (
            'on = "RESPONSE"',
            'auth = "signature"\nsignature = { preset = "githb" }',
            "plans.incidents.integrations.acknowledge.signature.preset: is no preset. Did you mean "
            '"github"? Presets: standard-webhooks, github, slack, stripe, hmac',
        ),
        (
            'on = "RESPONSE"',
            'auth = "signature"\nsignature = { preset = "slack", tolerance_second = 60 }',
            "plans.incidents.integrations.acknowledge.signature.tolerance_second: unknown key. "
            'Did you mean "tolerance_seconds"?',
        ),
        (
            'on = "RESPONSE"',
            'auth = "signature"\nsignature = { preset = "hmac" }',
            "`header` is missing: name the header that carries the signature",
        ),
        (
            'script = "scripts/acknowledge.py"',
            "",
            "`script` is missing; only CREATE_EVENT_SIMPLE needs none",
        ),
    ],
)
def test_a_mistake_names_file_key_and_nearest_spelling(write, old, new, message):
    assert old in WHOLE
    path = write(WHOLE.replace(old, new))

    with pytest.raises(ProjectInvalid) as refused:
        Project.load(path)

    assert str(refused.value).startswith(f"{path}: ")
    assert message in str(refused.value)


def test_a_file_that_is_not_toml_says_where(write):
    with pytest.raises(ProjectInvalid, match=r"cannot be read as TOML: .+line 2|TOML: .+end of document"):
        Project.load(write("users = 1\n["))


def test_no_project_anywhere_says_what_to_do(tmp_path):
    with pytest.raises(ProjectNotFound, match="deputize init NAME"):
        find_project(tmp_path)
    with pytest.raises(ProjectNotFound, match="no such file"):
        Project.load(tmp_path / "deputize.toml")


def test_the_path_of_an_integrations_script_stands_for_that_integration(write, tmp_path):
    project = Project.load(write(WHOLE))
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "acknowledge.py").write_text("def main(): pass")

    by_path = find_script("scripts/acknowledge.py", project=project)

    assert (by_path.name, by_path.kind) == ("acknowledge", "RESPONSE")
    assert by_path.integration is not None
    assert by_path.integration.plan == "incidents"


def test_an_unknown_integration_names_the_nearest(write):
    project = Project.load(write(WHOLE))

    with pytest.raises(UnknownIntegration, match=r'Did you mean "acknowledge"\? Integrations: acknowledge\.'):
        find_script("acknowlege", project=project)


def test_a_name_that_two_plans_have_needs_its_plan(write, tmp_path):
    second = '[plans.other.integrations.acknowledge]\non = "STATUS"\nscript = "scripts/other.py"\n'
    project = Project.load(write(WHOLE + second))

    with pytest.raises(UnknownIntegration, match="incidents/acknowledge, other/acknowledge"):
        find_script("acknowledge", project=project)
    assert find_script("other/acknowledge", project=project).kind == "STATUS"


def test_a_role_that_is_named_and_not_defined_is_the_built_in_one(write):
    text = '[users.mm]\nroles = ["Standard User"]\n[users.dev]\nroles = ["Own"]\n[roles.Own]\non = { Other = ["View"] }\n[roles.Other]\n'
    roles = {role.name: role for role in roles_of(Project.load(write(text)).file)}

    assert sorted(roles) == ["Other", "Own", "Standard User"]
    assert roles["Standard User"].functions == {"login"}
    assert roles["Own"].on == {"Other": {"View"}}


def test_a_built_in_role_may_be_changed_in_part(write):
    text = '[roles."Company Supervisor"]\nfunctions = ["login"]\n'
    [role] = roles_of(Project.load(write(text)).file)

    assert role.functions == {"login"}
    assert role.on == {"*": {"View", "Use", "Edit", "Delete", "Assign"}}
