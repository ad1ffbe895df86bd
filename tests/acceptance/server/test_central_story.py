"""A request, an event, a response, a script, another event: all of it as the person who set it off."""

import base64

import httpx
import pytest


def kinds(run):
    return [entry["kind"] for entry in run["activity"]]


def trigger_alert(served, user):
    """Start an alert as *user* by the platform's REST API; return the event that came of it."""
    with served.as_(user) as client:
        started = client.post(
            "/api/xm/1/plans/incidents/forms/alert/triggers",
            json={"properties": {"Number": "INC1"}, "recipients": [{"id": "mary"}]},
        )
        assert started.status_code == 202, started.text
        [event] = [
            each
            for each in client.get("/api/xm/1/events").json()["data"]
            if each["submitter"]["targetName"] == user
        ]
    return event


def respond(served, event, choice="Join"):
    """Answer an event as mary."""
    with served.as_("mary") as client:
        answered = client.post(f"/api/xm/1/events/{event['id']}/responses", json={"response": choice})
        assert answered.status_code == 201, answered.text


def test_a_response_starts_another_event_as_the_person_who_started_the_first(served):
    event = trigger_alert(served, "dana")
    respond(served, event)

    opened = served.run_of("open_bridge")
    assert (opened["state"], opened["result"]) == ("COMPLETED", 202)
    assert opened["initiator"]["id"] == "dana"
    assert "permission.denied" not in kinds(opened)
    noted = served.run_of("note_bridge")
    assert noted["result"] == {"initiator": "dana", "for": event["eventId"], "status": "active"}


def test_without_the_permission_the_refusal_is_told_and_the_rest_goes_on(served):
    respond(served, trigger_alert(served, "rob"))

    opened = served.run_of("open_bridge")
    assert (opened["state"], opened["result"]) == ("COMPLETED", 403)
    assert opened["initiator"]["id"] == "rob"
    [denied] = [entry for entry in opened["activity"] if entry["kind"] == "permission.denied"]
    assert denied["reason"] == (
        "UNAUTHORIZED_ACCESS_ERROR: User does not have the permission to access this service/functionality."
    )
    assert denied["explain"]["initiator"] == "rob"
    assert denied["explain"]["needs"] == ['sender permission on form "bridge"']
    assert denied["explain"]["would_pass"] == ["role Company Supervisor"]
    [ticket] = [entry for entry in opened["activity"] if entry.get("endpoint") == "Tickets"]
    assert (ticket["statusCode"], ticket["request"]["body"]) == (200, {"joined": "mary"})
    assert [run["name"] for run in served.runs()] == ["open_bridge"]


def test_another_choice_sets_nothing_off(served):
    event = trigger_alert(served, "dana")
    respond(served, event, "Acknowledge")
    respond(served, event, "Join")

    assert served.run_of("open_bridge")["initiator"]["id"] == "dana"
    assert len([run for run in served.runs() if run["name"] == "open_bridge"]) == 1


def test_an_inbound_request_with_an_api_key_runs_as_the_keys_owner_and_its_event_is_theirs(served):
    key = served.key("raise_alert", "rob")
    with served.client(auth=(key["key"], key["secret"])) as client:
        accepted = client.post(served.path("raise_alert"), json={"Number": "INC7"})
    assert accepted.status_code == 202

    run = served.run(accepted.json()["requestId"])
    assert (run["state"], run["initiator"]["id"]) == ("COMPLETED", "rob")
    assert kinds(run) == [
        "run.started",
        "inbound.request",
        "http.exchange",
        "form.posted",
        "log",
        "result",
        "run.finished",
    ]
    with served.as_("dana") as client:
        [event] = client.get("/api/xm/1/events", params={"embed": "properties"}).json()["data"]
    assert event["submitter"]["targetName"] == "rob"
    text = str(run) + (served.folder / "stderr.txt").read_text()
    assert key["secret"] not in text
    assert base64.b64encode(f"{key['key']}:{key['secret']}".encode()).decode() not in text


def test_two_initiators_get_different_data_from_the_same_script(served):
    results = {}
    for user in ("rob", "dana"):
        url = served.key("by_url", user)["url"]
        with served.client() as client:
            accepted = client.post(url)
        assert accepted.status_code == 202
        results[user] = served.run(accepted.json()["requestId"])["result"]

    assert results["rob"] == {"initiator": "rob", "sees": ["mary", "rob"]}
    assert results["dana"] == {"initiator": "dana", "sees": ["dana", "mary", "nobody", "rob"]}


def test_who_lacks_the_sender_permission_is_refused_at_intake_and_one_entry_says_why(served):
    with served.as_("mary") as client:
        refused = client.post(served.path("simple"), json={})
    assert refused.status_code == 403
    problem = refused.json()
    assert problem["code"] == "NOT_PERMITTED"
    assert 'mary may not send form "alert"' in problem["detail"]

    [denied] = [run for run in served.runs() if run["state"] == "DENIED"]
    assert kinds(served.run(denied["id"])) == ["run.denied"]


def test_a_script_that_may_not_set_another_integration_off_is_told_in_its_own_stream_why(served):
    path, results = httpx.URL(served.path("bridge_by_hand")).path, {}
    for user in ("rob", "dana"):
        with served.as_(user) as client:
            accepted = client.post(served.path("relay"), json={"path": path})
        assert accepted.status_code == 202
        results[user] = served.run(accepted.json()["requestId"])

    assert (results["rob"]["result"], results["dana"]["result"]) == (403, 202)
    [denied] = [each for each in results["rob"]["activity"] if each["kind"] == "permission.denied"]
    assert denied["explain"] == {
        "initiator": "rob",
        "needs": ['sender permission on form "bridge"'],
        "would_pass": ["role Company Supervisor"],
        "source": "deputize",
    }


def test_the_untouched_default_sends_the_request_to_its_form(served):
    with served.as_("rob") as client:
        accepted = client.post(
            served.path("simple"), json={"properties": {"Number": "INC9"}, "recipients": []}
        )
    run = served.run(accepted.json()["requestId"])

    assert run["state"] == "COMPLETED"
    with served.as_("dana") as client:
        [event] = client.get("/api/xm/1/events", params={"embed": "properties"}).json()["data"]
    assert event["properties"] in ({"Number#en": "INC9"}, {"Number": "INC9"})


def test_an_event_that_starts_itself_again_is_stopped_and_shown(served):
    with served.as_("dana") as client:
        assert client.post("/api/xm/1/plans/incidents/forms/loop/triggers", json={}).status_code == 202

    first = served.run_of("again")
    assert first["initiator"]["id"] == "dana"
    served.run_of("again", number=2)
    [denied] = [run for run in served.runs() if run["state"] == "DENIED"]
    [entry] = served.run(denied["id"])["activity"]
    assert (entry["kind"], entry["code"]) == ("run.denied", "CHAIN_CYCLE")


@pytest.mark.parametrize("kill", [True, False])
def test_what_was_accepted_is_there_after_a_restart(served, kill):
    url = served.key("by_url", "rob")["url"]
    with served.client() as client:
        accepted = [client.post(url).json()["requestId"] for _ in range(5)]
    code = served.stop(kill=kill)
    served.start()

    assert kill or code == 0
    states = {served.run(each)["state"] for each in accepted}
    assert states <= ({"COMPLETED", "INTERRUPTED"} if kill else {"COMPLETED"})
