"""What a test is told when a run is not what it expected."""

from deputize.testing.comparison import compare


def test_calls_under_another_name_are_listed(call, deputize_mock, deputize_bench):
    deputize_mock.endpoint("Desk").get("/x").respond(200)
    run = call("Desk", "/x")

    assert compare("==", run.sent_as, {"dana"}, deputize_bench) == [
        "run.sent_as is {'service'}, not {'dana'}",
        "as service: GET Desk https://desk.example/api/v2/x",
        "as dana: no call",
    ]


def test_a_run_that_failed_says_why(deputize_run, deputize_bench):
    run = deputize_run("call", payload={"endpoint": "Desk"})

    assert compare("==", run.state, "COMPLETED", deputize_bench) == [
        "run.state is FAILED, not COMPLETED",
        "failed  KeyError: 'path'",
        "call:8, in main",
        '    answer = http.request(payload.get("method", "GET"), payload["path"], endpoint=payload["endpoint"])',
    ]


def test_a_result_is_compared_place_by_place(call, deputize_mock, deputize_bench):
    deputize_mock.endpoint("Desk").get("/x").respond(200, text="yes")
    run = call("Desk", "/x")

    assert compare("==", run.result, [201, "yes", None], deputize_bench) == [
        "run.result is not what was expected:",
        "/0 is 200; expected 201",
        "/2 is missing; expected null",
    ]
    assert compare("==", [200], run.result, deputize_bench) == [
        "run.result is not what was expected:",
        '/1 is there: "yes"',
    ]


def test_refusals_are_shown_as_the_stream_shows_them(call, deputize_mock, deputize_bench):
    deputize_mock.endpoint("platform").get("/x").refuse(needs="a star")
    run = call("platform", "/x")

    assert compare("==", run.refusals, (), deputize_bench) == [
        "1 entry, not 0:",
        "4 REFUSED 403 FORBIDDEN  platform  GET /x  UNAUTHORIZED_ACCESS_ERROR: User does not have the permission"
        " to access this service/functionality.  dana needs: a star",
    ]


def test_what_is_no_part_of_a_run_is_left_to_pytest(call, deputize_mock, deputize_bench):
    deputize_mock.endpoint("Desk").get("/x").respond(200)
    run = call("Desk", "/x")

    assert compare("==", [1], [2], deputize_bench) is None
    assert compare("in", run.state, ["FAILED"], deputize_bench) is None
