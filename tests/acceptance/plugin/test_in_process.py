"""In-process mode as a tester meets it: a debugger stops in the script, and nobody takes it for the sandbox."""

SAID = "in process, NOT in the sandbox"
STOPPED = """
def main(http, payload):
    number = payload["number"]
    breakpoint()
    return number + 1
"""
TEST = """
def test_it(deputize_run):
    run = deputize_run("tell", payload={"number": 41}, as_user="dana")
    assert run.result == 42
"""


def test_a_debugger_stops_in_the_script_and_goes_on_from_there(session, tmp_path):
    (tmp_path / "tell.py").write_text(STOPPED)
    ended = session(TEST, "--deputize-in-process", "-s", typed="p number\np payload\ncontinue\n")

    assert (ended.code, ended.counted("passed")) == (0, 1), ended.out
    assert f"{tmp_path}/tell.py(5)main()" in ended.out
    assert "(Pdb) 41" in ended.out
    assert "(Pdb) {'number': 41}" in ended.out


def test_leaving_the_debugger_ends_the_session(session, tmp_path):
    (tmp_path / "tell.py").write_text(STOPPED)
    ended = session(TEST, "--deputize-in-process", "-s", typed="quit\n")

    assert ended.code == 2
    assert "Exit: Quitting debugger" in ended.out


def test_a_breakpoint_is_refused_in_the_sandbox_with_what_admits_it(session, tmp_path):
    (tmp_path / "tell.py").write_text(STOPPED)
    ended = session(TEST)

    assert ended.counted("failed") == 1
    assert (
        'tell.py:4:5: NAME_NOT_ALLOWED: "breakpoint" is not available; '
        "use log.debug, or run the test with --deputize-in-process"
    ) in ended.out


def test_one_run_may_be_in_process_and_its_report_says_so(session):
    ended = session(
        """
def test_it(deputize_run, deputize_mock):
    deputize_mock.endpoint("Desk").post("/notes").respond(201)
    first = deputize_run("tell", as_user="rob", in_process=True)
    second = deputize_run("tell", as_user="rob")
    assert first.result == second.result == ["somebody", 201]
    assert first.refusals[0].explain == second.refusals[0].explain
    assert first.ok is None
"""
    )

    assert ended.counted("failed") == 1
    assert ended.out.count(SAID) == 1
    assert "assert True is None" in ended.out


def test_the_session_says_so_at_its_top(session):
    ended = session("def test_it(): pass", "--deputize-in-process", "-v")

    assert f"deputize: scripts run {SAID}" in ended.out


def test_a_script_that_does_not_end_can_be_interrupted_by_the_timeout(session, tmp_path):
    (tmp_path / "tell.py").write_text("def main():\n    while True:\n        pass\n")
    ended = session(
        'def test_it(deputize_run):\n    deputize_run("tell", as_user="dana")\n'
        'def test_other(deputize_run):\n    assert deputize_run("tell", as_user="dan") is None\n',
        "--deputize-in-process",
        "--timeout=15",
    )

    assert ended.counted("failed") == 2
    assert "Timeout (>15.0s) from pytest-timeout" in ended.out
    assert 'nobody on the platform is named "dan".' in ended.out
