"""A test that is made of a bundle passes as it is, in a project where names and ids are others."""

import subprocess
import sys

import pytest

from deputize.bundle.reading import read_bundle

#: Two plans that have endpoints and integrations of the same names.
PLANS = """
[users.dana]
roles = ["Company Supervisor"]
[roles."Company Supervisor"]
functions = ["people"]
[endpoints.Wiki]
base_url = "https://wiki.example"
auth = { type = "none" }
stand_in = "any.toml"
""" + "".join(
    f"""
[plans.{plan}]
access = "all"
[plans.{plan}.endpoints.Desk]
base_url = "https://{plan}.example/api"
auth = {{ type = "none" }}
stand_in = "any.toml"
[plans.{plan}.forms.alert]
senders = "all"
[plans.{plan}.integrations.tell]
auth = "basic"
action = "CREATE_EVENT"
form = "alert"
script = "{plan}.py"
"""
    for plan in ("one", "two")
)
ANY = '[[routes]]\nmethod = "GET"\npath = "/api/notes"\n[[routes]]\nmethod = "GET"\npath = "/page"\n'
SCRIPT = """
def main(http, form):
    notes = http.get("/notes", endpoint="Desk").status_code
    page = http.get("/page", endpoint="Wiki").status_code
    return [notes, page, form.post(properties={}).status_code]
"""


@pytest.fixture
def deputize(session, tmp_path):
    """The command, in the project of two plans."""
    (tmp_path / "deputize.toml").write_text(PLANS, encoding="utf-8")
    (tmp_path / "any.toml").write_text(ANY, encoding="utf-8")
    for name in ("one.py", "two.py"):
        (tmp_path / name).write_text(SCRIPT, encoding="utf-8")

    def run(*arguments):
        command = [sys.executable, "-m", "deputize", *arguments]
        ended = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, text=True)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    (tmp_path / "empty.json").write_text("{}", encoding="utf-8")
    run(
        *("run", "two/tell", "--as", "dana", "--payload", "empty.json", "--stand-ins"),
        *("--record", "run.deputize"),
    )
    return run


def test_it_names_the_plan_where_several_have_the_name(deputize, session, tmp_path):
    made = deputize("bundle", "to-test", "run.deputize", "--plain", "--out", "test_made.py")
    text = (tmp_path / "test_made.py").read_text(encoding="utf-8")
    ended = session("", "test_made.py")

    assert made == "wrote test_made.py\n"
    assert 'deputize_mock.endpoint("two/Desk").get("/notes")' in text
    assert 'deputize_mock.endpoint("Wiki").get("/page")' in text
    assert 'deputize_run("two/tell", ' in text
    assert ended.counted("passed") == 1, ended.out


def test_a_plan_that_had_other_ids_on_a_server_makes_a_test_that_passes(deputize, session, tmp_path):
    file = tmp_path / "run.deputize"
    bundle, text = read_bundle(file), file.read_text(encoding="utf-8")
    ids = (bundle.head.form["plan_id"], bundle.head.form["form_id"], bundle.run.integration_id)
    for each in ids:
        text = text.replace(each, f"{each[:-4]}0000")
    file.write_text(text, encoding="utf-8")
    deputize("bundle", "to-test", "run.deputize", "--out", "test_made.py")
    made = session("", "test_made.py")
    as_bundle = session(
        'def test_it(deputize_run):\n    assert deputize_run(bundle="./run.deputize").state == "COMPLETED"\n',
        "test_tell.py",
    )

    assert [each in text for each in ids] == [False] * 3
    assert [each.counted("passed") for each in (made, as_bundle)] == [1, 1], made.out + as_bundle.out
