"""A script acts with the authority of whoever set it off."""

import pytest

from deputize import RunState

READ = """
def main(http):
    person = http.get("/api/xm/1/people/mmcbride")
    return {"status": person.status_code, "refused": person.refused, "reason": person.reason}
"""
SENTENCE = (
    "UNAUTHORIZED_ACCESS_ERROR: User does not have the permission to access this service/functionality."
)


def test_who_may_read_is_answered_with_data(bench, kinds):
    run = bench.run(READ, as_="dana")

    assert run.result == {"status": 200, "refused": False, "reason": None}
    assert run.refusals == ()
    assert run.sent_as == {"dana"}
    assert kinds(run) == ["run.started", "inbound.request", "http.exchange", "result", "run.finished"]


def test_who_may_not_read_gets_a_403_as_data_and_one_explained_entry(bench, kinds):
    run = bench.run(READ, as_="rob")

    assert run.state is RunState.COMPLETED
    assert run.result == {"status": 403, "refused": True, "reason": SENTENCE}
    assert kinds(run) == [
        "run.started",
        "inbound.request",
        "http.exchange",
        "permission.denied",
        "result",
        "run.finished",
    ]
    [refusal] = run.as_json()["refusals"]
    assert refusal["statusCode"] == 403
    assert refusal["statusMessage"] == "FORBIDDEN"
    assert refusal["reason"] == SENTENCE
    assert refusal["exchange"] == 3
    assert refusal["script"]["line"] == 3
    assert refusal["explain"] == {
        "initiator": "rob",
        "needs": ["View or Use on role Standard User"],
        "would_pass": ["role Supervisor"],
        "source": "platform",
    }


def test_a_list_is_shorter_for_who_may_see_less_and_nothing_is_refused(bench):
    names = "def main(http):\n    return sorted(p['targetName'] for p in http.get('/api/xm/1/people').json()['data'])\n"

    assert bench.run(names, as_="dana").result == ["dana", "mmcbride", "rob"]
    narrower = bench.run(names, as_="rob")

    assert narrower.result == ["rob"]
    assert narrower.refusals == ()


def test_the_rest_of_the_script_goes_on_after_a_refusal(bench):
    run = bench.run(
        "def main(http):\n"
        "    first = http.get('/api/xm/1/people/mmcbride')\n"
        "    second = http.put('tickets/7', endpoint='Tickets', json={'by': 'rob'})\n"
        "    third = http.get('/api/xm/1/people/rob')\n"
        "    return [first.status_code, second.status_code, third.status_code]\n"
    )

    assert run.result == [403, 200, 200]
    assert len(run.refusals) == 1
    assert run.sent_as == {"rob", "service"}
    assert [(request.method, request.path) for request in bench.received["Tickets"]] == [
        ("PUT", "/base/tickets/7")
    ]


def test_a_403_of_a_remote_endpoint_is_an_exchange_and_no_refusal_of_the_initiator(bench):
    run = bench.run(
        "def main(http):\n    r = http.get('forbidden', endpoint='Tickets')\n    return [r.refused, r.status_message]\n"
    )

    assert run.result == [True, "FORBIDDEN"]
    assert run.refusals == ()
    [exchange] = [entry for entry in run.activity if entry.kind == "http.exchange"]
    assert exchange.source == "stand-in"


def test_a_script_that_raises_on_the_refusal_has_failed(bench):
    run = bench.run("def main(http):\n    http.get('/api/xm/1/people/mmcbride').raise_for_status()\n")

    assert run.state is RunState.FAILED
    assert run.error.type == "HttpError"
    assert len(run.refusals) == 1


def test_many_calls_at_once_are_each_refused_once(bench):
    run = bench.run(
        "def main(http):\n"
        "    calls = [http.build_request('GET', f'/api/xm/1/people/{name}') for name in ('mmcbride', 'rob', 'dana')]\n"
        "    return [r.status_code for r in http.send_all(calls)]\n"
    )

    assert run.result == [403, 200, 403]
    assert len(run.refusals) == 2


def test_the_stream_is_numbered_without_gaps_and_carries_who_and_what(bench):
    run = bench.run(READ)

    assert [entry.seq for entry in run.activity] == list(range(1, len(run.activity) + 1))
    assert {entry.initiator.id for entry in run.activity} == {"rob"}
    assert {entry.run for entry in run.activity} == {run.id}
    assert len({entry.trace_id for entry in run.activity}) == 1


@pytest.mark.parametrize("header", ["Authorization", "cookie", "HOST", "Proxy-Authorization"])
@pytest.mark.parametrize("endpoint", ["platform", "Tickets"])
def test_a_script_cannot_bring_an_identity_of_its_own(bench, header, endpoint):
    run = bench.run(
        "from deputize.script import HttpError\n"
        "def main(http):\n"
        "    try:\n"
        f"        http.get('/x', endpoint={endpoint!r}, headers={{{header!r}: 'Basic b3RoZXI='}})\n"
        "    except HttpError as error:\n"
        "        return error.cause\n"
    )

    assert run.result == "invalid_request"
    assert bench.received["Tickets"] == []


def test_where_nothing_is_stored_a_script_may_send_its_own_and_the_stream_hides_it(bench, whole):
    run = bench.run(
        "def main(http):\n"
        "    return http.get('/ok', endpoint='Open', headers={'Authorization': 'Bearer my-own-token-12345'}).json()\n"
    )

    assert run.result == {"ok": True}
    [exchange] = [entry for entry in run.activity if entry.kind == "http.exchange"]
    assert "my-own-token-12345" not in whole(run)
    assert exchange.sent_as == "anonymous"


def test_events_are_judged_for_their_initiator(bench):
    script = (
        "def main(http):\n"
        "    note = http.post('/api/xm/1/events/12623005/annotations', json={'comment': 'on it'})\n"
        "    end = http.post('/api/xm/1/events', json={'id': '12623005', 'status': 'TERMINATED'})\n"
        "    return [note.status_code, end.status_code]\n"
    )

    assert bench.run(script, as_="rob").result == [201, 200]
    assert bench.run(script, as_="mmcbride").result == [403, 403]


def test_an_endpoint_that_is_called_as_the_initiator_gets_no_call_where_there_is_no_credential(bench):
    bench.configure('[endpoints.Crm]\nbase_url = "https://crm.example/"\nauth = { type = "initiator" }\n')

    run = bench.run(
        "def main(http):\n    answer = http.get('x', endpoint='Crm')\n    return [answer.refused, answer.reason]\n"
    )

    refused, reason = run.result
    assert refused
    assert reason.startswith('rob has no credential for the endpoint "Crm": ')
    [entry] = [entry for entry in run.activity if entry.kind == "credential.rejected"]
    assert not entry.sent
    assert run.sent_as == frozenset()
