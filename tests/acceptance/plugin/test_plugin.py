"""The plugin as a tester meets it: what passes, what fails, and what a failure says."""

import subprocess
import sys

import pytest

DESK = '    desk = deputize_mock.endpoint("Desk").post("/notes").respond(201)\n'


def a_test(body: str, *, fixtures: str = "deputize_run, deputize_mock", name: str = "test_it") -> str:
    return f"def {name}({fixtures}):\n{DESK}{body}"


def test_a_script_runs_as_whom_the_test_says_against_the_real_platform(session):
    ended = session(
        a_test(
            '    assert deputize_run("tell", as_user="dana").result == ["dana", 201]\n'
            '    run = deputize_run("tell", as_user="rob")\n'
            '    assert run.result == ["somebody", 201]\n'
            '    assert run.sent_as == {"rob", "service"}\n'
            '    assert run.refusals[0].explain.needs == ("View or Use on role Company Supervisor",)\n'
            '    assert [call.request.headers["authorization"] for call in desk.calls][0].startswith("Basic ")\n'
        )
    )

    assert ended.code == 0, ended.out


def test_a_refusal_and_a_failure_are_the_products_own(session):
    ended = session(
        a_test(
            '    person = deputize_mock.endpoint("platform").get("/api/xm/1/people/dana")\n'
            '    person.refuse(needs="a star", would_pass="person dana")\n'
            '    run = deputize_run("tell", as_user="dana")\n'
            "    (refusal,) = run.refusals\n"
            '    assert refusal.reason.startswith("UNAUTHORIZED_ACCESS_ERROR: User does not have")\n'
            '    assert (refusal.explain.initiator, refusal.explain.needs) == ("dana", ("a star",))\n'
            '    desk.fail("timeout")\n'
            '    failed = deputize_run("tell", as_user="dana")\n'
            '    assert (failed.state, failed.error.type) == ("FAILED", "HttpError")\n'
        )
    )

    assert ended.code == 0, ended.out


def test_a_call_that_nobody_mocked_fails_the_test_and_names_the_line_to_add(session):
    ended = session(
        "def test_it(deputize_run, deputize_mock):\n"
        '    deputize_mock.endpoint("Desk").post("/note").respond(201)\n'
        "    deputize_mock.allow_unused()\n"
        '    deputize_run("tell", as_user="dana")\n'
    )

    assert (ended.code, ended.counted("failed")) == (1, 1)
    assert "POST Desk /notes       tell.py:7" in ended.out
    assert "Nearest route: Desk POST /note (test_tell.py:2). To allow this call add" in ended.out
    assert 'deputize_mock.endpoint("Desk").post("/notes").respond(json=…)' in ended.out


def test_it_fails_also_where_the_script_takes_the_error_for_an_answer(session, tmp_path):
    (tmp_path / "tell.py").write_text(
        "def main(http):\n"
        "    try:\n"
        "        http.post('/notes', endpoint='Desk', json={})\n"
        "    except Exception:\n"
        "        return 'fine'\n"
    )
    ended = session('def test_it(deputize_run):\n    deputize_run("tell", as_user="dana")\n')

    assert ended.counted("failed") == 1
    assert "UnmockedCall: POST Desk /notes" in ended.out


def test_a_route_that_no_call_meets_fails_the_test(session):
    ended = session(
        a_test(
            '    deputize_mock.endpoint("Desk").get("/never").respond(200)\n    deputize_run("tell", as_user="dana")\n'
        )
    )

    assert ended.counted("failed") == 1
    assert "These routes were never called:\n    Desk GET /never       test_tell.py:3\n" in ended.out


def test_a_test_that_fails_shows_its_streams_and_what_is_different(session):
    ended = session(
        a_test('    run = deputize_run("tell", as_user="rob")\n    assert run.result == ["somebody", 200]\n')
    )

    assert ended.counted("failed") == 1
    assert "/1 is 201; expected 200" in ended.out
    assert "deputize: tell as rob" in ended.out
    assert "403 FORBIDDEN" in ended.out
    assert "rob needs: View or Use on role Company Supervisor" in ended.out


def test_nobody_waits_for_a_script_that_sleeps(session):
    ended = session(
        a_test(
            '    run = deputize_run("tell", sample="slow", as_user="dana")\n'
            "    assert deputize_clock.slept == [30]\n"
            "    deputize_clock.advance(minutes=5)\n"
            '    assert deputize_run("tell", payload={"wait": 61}, as_user="dana").state == "CANCELED"\n',
            fixtures="deputize_run, deputize_mock, deputize_clock",
        ),
        "--timeout=20",
    )

    assert ended.code == 0, ended.out


def test_what_a_test_has_changed_the_next_one_does_not_find(session, tmp_path):
    (tmp_path / "tell.py").write_text(
        "def main(http):\n"
        "    made = http.post('/api/xm/1/people', json={'targetName': 'new', 'firstName': 'N', 'lastName': 'N'})\n"
        "    return made.status_code\n"
    )
    twice = "".join(
        f'def test_{each}(deputize_run):\n    assert deputize_run("tell", as_user="dana").result == 201\n'
        for each in ("one", "other")
    )

    assert session(twice).counted("passed") == 2


def test_each_test_runs_once_for_each_user_that_is_named(session):
    tests = (
        a_test('    assert deputize_run("tell").state == "COMPLETED"\n')
        + 'import pytest\n@pytest.mark.deputize_as("rob")\n'
        + a_test('    assert deputize_run("tell").result[0] == "somebody"\n', name="test_marked")
    )

    ended = session(tests, "--deputize-as=dana,rob", "-vv")

    assert ended.code == 0, ended.out
    assert [f"test_it[{user}] PASSED" in ended.out for user in ("dana", "rob")] == [True, True]
    assert "test_marked[rob] PASSED" in ended.out


def test_without_anybody_named_it_says_how_to_name_one(session):
    ended = session(a_test('    deputize_run("tell")\n'))

    assert (
        "nobody is named to run the script as. Pass as_user=…, or run pytest with --deputize-as=…."
        in ended.out
    )


def test_it_works_in_coroutines_and_beside_other_plugins(session):
    ended = session(
        "import pytest\n"
        "@pytest.mark.anyio\n"
        + a_test('    assert deputize_run("tell", as_user="dana").ok\n', name="test_anyio").replace(
            "def ", "async def ", 1
        )
        + "@pytest.mark.asyncio\n"
        + a_test('    assert deputize_run("tell", as_user="dana").ok\n', name="test_asyncio").replace(
            "def ", "async def ", 1
        )
        + '@pytest.fixture\ndef anyio_backend():\n    return "asyncio"\n',
        "-n",
        "2",
    )

    assert (ended.code, ended.counted("passed")) == (0, 2), ended.out


def test_who_does_not_use_it_does_not_pay_for_it():
    program = (
        "import sys\nimport deputize.testing.plugin\n"
        "print(sorted({'httpx', 'pydantic', 'respx', 'sqlalchemy', 'starlette'} & sys.modules.keys()))\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert ran.stdout == "[]\n"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            'deputize_mock.endpoint("Deks")',
            "No endpoint has been defined with name 'Deks'. Did you mean \"Desk\"?",
        ),
        ('desk.fail("tiemout")', "tiemout"),
        ('desk.refuse(needs="x")', 'endpoint("Desk"): refuse() takes no explanation here.'),
        ('deputize_run("tel", as_user="dana")', "tel"),
        ('deputize_run("tell", as_user="dan")', 'nobody on the platform is named "dan".'),
        ('deputize_run("tell", sample="slwo", as_user="dana")', "slwo"),
    ],
)
def test_a_slip_of_the_pen_is_told_with_what_is_there(session, line, said):
    ended = session(a_test(f"    {line}\n"))

    assert ended.counted("failed") == 1
    assert said in ended.out
