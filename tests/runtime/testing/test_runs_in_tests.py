"""A run in a test is a run like any other, in the sandbox and out of it."""

import pytest

from deputize.errors import PayloadInvalid, UnknownIntegration


@pytest.fixture
def answered(deputize_mock):
    deputize_mock.endpoint("Desk").get(path__regex="^/[ab]$").respond(200)
    return deputize_mock.endpoint("p/Shared").get("/x").respond(200, json={"ok": True})


@pytest.mark.parametrize("in_process", [False, True])
def test_a_script_has_everything_in_the_sandbox_and_in_process(deputize_run, answered, in_process):
    run = deputize_run("everything", payload={}, in_process=in_process)

    assert run.result == {
        "doubled": 42,
        "began": "2025-01-06T09:00:00+00:00",
        "now": "2025-01-06T09:00:01.500000",
        "time": 1736154001.5,
        "passed": 1.5,
        "answers": [200, 200],
        "told": {"ok": True},
        "secret": "‹secret:splunk›",
    }
    assert answered.calls.last.request.headers["authorization"] == "Splunk value of splunk"
    assert [entry.message for entry in run.activity if entry.kind == "log"] == ["began", "drawn 36 True"]
    assert [entry.script.line for entry in run.activity if entry.kind == "http.exchange"] == [17, 17, 18]
    assert run.activity[0].tier == ("unconfined" if in_process else "full")


@pytest.mark.parametrize("in_process", [False, True])
def test_what_a_form_sets_off_runs_as_the_same_initiator(deputize_run, deputize_mock, in_process):
    told = deputize_mock.endpoint("Desk").post("/told").respond(201)
    run = deputize_run("alert", payload={}, as_user="rob", in_process=in_process)

    assert run.result == 202
    assert [(each.name, each.state, each.initiator.id) for each in deputize_run.settled()] == [
        ("told", "COMPLETED", "rob")
    ]
    assert [call.request.content for call in told.calls] == [b'{"title":"disk full"}']


@pytest.mark.anyio
async def test_it_is_an_ordinary_call_in_a_coroutine(deputize_run, deputize_mock, anyio_backend):
    deputize_mock.endpoint("Desk").get("/x").respond(204)

    assert deputize_run("call", payload={"endpoint": "Desk", "path": "/x"}).result == [204, ""]


def test_a_payload_and_a_sample_are_too_much(deputize_run):
    with pytest.raises(TypeError, match=r"^deputize_run takes a payload or a sample, not both$"):
        deputize_run("call", payload={}, sample="any")


def test_an_unknown_script_and_an_unknown_sample_are_told_with_what_is_there(deputize_run):
    with pytest.raises(UnknownIntegration, match=r'^"cal" is neither .* Did you mean "call"'):
        deputize_run("cal", payload={})
    with pytest.raises(PayloadInvalid, match=r"samples/any\.json: no such sample\. Samples: none\.$"):
        deputize_run("call", sample="any")
