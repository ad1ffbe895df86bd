"""What a script is given, as the script sees it, and what it makes of it on the wire."""

import pytest
from unconfined import stock_answer

import deputize.script
from deputize_guest import api

SECRETS = {"secrets": {"kind": "secrets", "value": ["token", "pin"]}}
FORM = {"form": {"kind": "form", "value": {"name": "alert", "path": "/forms/1/triggers"}}}


def request_of(language, call: str, **more):
    """Return the request that *call* sends."""
    [said] = language.run(f"def main(http, secrets=None):\n    {call}\n", **more).said
    return said["arguments"]["request"]


def test_authors_import_the_names_that_exist_inside():
    assert deputize.script.__all__ == api.__all__


def test_a_request_crosses_the_wall_as_plain_fields(language):
    assert request_of(
        language,
        "http.request('patch', 'a/b', endpoint='E', params={'q': ['ä', 1], 'none': None, 'yes': True}, "
        "headers={'X': '1'}, json={'n': (1, None)}, timeout=3)",
    ) == {
        "method": "PATCH",
        "path": "a/b",
        "endpoint": "E",
        "params": [["q", "ä"], ["q", "1"], ["yes", "true"]],
        "headers": [["X", "1"]],
        "json": {"n": [1, None]},
        "timeout": 3.0,
    }


@pytest.mark.parametrize(
    ("call", "field", "value"),
    [
        ("http.post('/x', data={'a': 1})", "data", [["a", "1"]]),
        ("http.post('/x', data=[('a', 'b'), ('a', 'c')])", "data", [["a", "b"], ["a", "c"]]),
        ("http.put('/x', content='text')", "content", "text"),
        ("http.put('/x', content='ä'.encode())", "content", "ä"),
        ("http.delete('/x')", "method", "DELETE"),
    ],
)
def test_a_body_is_what_was_given(language, call, field, value):
    assert request_of(language, call)[field] == value


def test_a_request_may_be_changed_and_sent_again(language):
    ended = language.run(
        "def main(http):\n"
        "    request = http.build_request('GET', '/a')\n"
        "    http.send(request)\n"
        "    request.path = '/b'\n"
        "    request.headers['X'] = '1'\n"
        "    return [http.send(request).status_code, repr(request)]\n"
    )

    assert [each["arguments"]["request"]["path"] for each in ended.said] == ["/a", "/b"]
    assert ended.end == 'returned [200, "<HttpRequest GET /b to platform>"]'


def test_requests_sent_at_once_are_one_call_answered_in_order(language):
    ended = language.run(
        "def main(http):\n    return [r.status_code for r in http.send_all(http.build_request('GET', p) for p in 'ab')]\n"
    )

    assert ended.end == "returned [200, 200]"
    assert [request["path"] for request in ended.said[0]["arguments"]["requests"]] == ["a", "b"]


def test_pages_follow_the_links(language):
    texts = iter(['{"links": {"next": "/base/x?page=2"}, "data": [1]}', '{"data": [2]}'])

    def answer(call):
        answered = stock_answer(call)["value"]
        return {"value": {**answered, "text": next(texts), "url": "https://example.com/base/x"}}

    ended = language.run(
        "def main(http):\n    return [n for page in http.pages('x') for n in page.json()['data']]\n",
        answers=answer,
    )

    assert ended.end == "returned [1, 2]"
    assert ended.said[1]["arguments"]["request"]["params"] == [["page", "2"]]


def test_a_secret_crosses_the_wall_by_its_name(language):
    request = request_of(
        language,
        "http.post('/x', headers={'Authorization': 'Splunk ' + secrets['token'], 'X': secrets['pin'] + '!'}, "
        "params={'k': secrets['token'], 'l': [secrets['pin'], 1]}, json={'deep': [{'s': '<' + secrets['pin'] + '>'}]})",
        provide=SECRETS,
    )

    assert request["headers"] == [
        ["Authorization", {"$secret": "token", "before": "Splunk "}],
        ["X", {"$secret": "pin", "after": "!"}],
    ]
    assert request["params"] == [["k", {"$secret": "token"}], ["l", {"$secret": "pin"}], ["l", "1"]]
    assert request["json"] == {"deep": [{"s": {"$secret": "pin", "before": "<", "after": ">"}}]}


@pytest.mark.parametrize(
    ("call", "field"),
    [
        ("http.post('/x', data={'a': secrets['token']})", {"data": [["a", {"$secret": "token"}]]}),
        ("http.post('/x', content=secrets['token'])", {"content": {"$secret": "token"}}),
        ("http.post('/x', json=secrets['token'])", {"json": {"$secret": "token"}}),
    ],
)
def test_a_secret_may_be_a_body(language, call, field):
    assert request_of(language, call, provide=SECRETS).items() >= field.items()


@pytest.mark.parametrize(
    ("body", "end"),
    [
        ("return secrets['token']", "faulted TypeError: main returned a Secret; it stays a name"),
        ("return secrets['tokn']", 'faulted KeyError: the plan has no secret "tokn"; did you mean "token"?'),
        ("return [*secrets]", 'returned ["token", "pin"]'),
        ("return ['token' in secrets, secrets.get('x'), len(secrets), repr(secrets)]", 'returned [true, null, 2, "<Secrets token, pin>"]'),
        ("return [secrets['token'] == secrets['token'], secrets['token'] == 'a' + secrets['token']]", "returned [true, false]"),
        ("http.get('/x', headers={'A': f\"Bearer {secrets['token']}\"})", "faulted ValueError: headers['A'] holds the name of a secret where its value must go; join them: \"Bearer \" + secrets[\"NAME\"]"),
        ("http.post('/x', json={'$secret': 'token'})", 'faulted ValueError: json holds a key "$secret"; it is kept for secrets; put one itself there'),
        ("http.post('/x', json={'a': {1}})", "faulted TypeError: json holds a set at ['a']; values must be JSON-able"),
        ("http.post('/x', json=1, data={})", "faulted ValueError: only one of json, data and content may be given, not json and data"),
    ],
)  # fmt: skip
def test_a_secret_is_a_name_and_nothing_else(language, body, end):
    assert language.run(f"def main(http, secrets):\n    {body}\n", provide=SECRETS).end == end


REQUEST = {
    "method": "POST",
    "headers": {},
    "parameters": {},
    "body": "{}",
    "request_id": "r1",
    "integration_id": "i1",
    "remote_address": None,
}
NIGHTLY = {"name": "nightly", "due": "2026-03-27T12:00:00Z", "missed": 2, "consented": "2026-01-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("body", "end"),
    [
        ("return [due.name, due.missed, repr(due)]", 'returned ["nightly", 2, "<Schedule nightly due 2026-03-27T12:00:00+00:00>"]'),
        ("return [due.due.isoformat(), due.due.hour, isinstance(due.due, datetime)]", 'returned ["2026-03-27T12:00:00+00:00", 12, true]'),
        ("due.missed = 0", "faulted AttributeError: property 'missed' of 'Schedule' object has no setter"),
        ("return due.consented", "faulted AttributeError: 'Schedule' object has no attribute 'consented'"),
    ],
)  # fmt: skip
def test_a_script_is_told_of_the_due_time_that_set_it_off(language, body, end):
    source = f"from datetime import datetime\n\ndef main(request):\n    due = request.schedule\n    {body}\n"
    provide = {"request": {"kind": "request", "value": {**REQUEST, "schedule": NIGHTLY}}}

    assert language.run(source, provide=provide).end == end


def test_a_request_that_somebody_has_sent_is_of_no_schedule(language):
    provide = {"request": {"kind": "request", "value": REQUEST}}

    assert (
        language.run("def main(request):\n    return request.schedule\n", provide=provide).end
        == "returned null"
    )


def test_a_form_is_posted_in_the_platforms_spelling(language):
    ended = language.run(
        "def main(form):\n"
        "    answer = form.post({'recipients': [{'id': 'a'}], 'own': 1}, properties={'n': (1,)}, priority='HIGH', "
        "response_options=[{'text': 'Ack'}], expiration_in_minutes=5, bypass_phone_intro=True, targetAllDevices=False, timeout=9)\n"
        "    return [answer.status_code, form.name, form.path, repr(form)]\n",
        provide=FORM,
    )

    assert ended.end == 'returned [200, "alert", "/forms/1/triggers", "<Form alert>"]'
    assert [(each["capability"], each["method"], each["arguments"]) for each in ended.said] == [
        (
            "form",
            "post",
            {
                "trigger": {
                    "recipients": [{"id": "a"}],
                    "own": 1,
                    "properties": {"n": [1]},
                    "priority": "HIGH",
                    "responseOptions": [{"text": "Ack"}],
                    "expirationInMinutes": 5,
                    "bypassPhoneIntro": True,
                    "targetAllDevices": False,
                },
                "timeout": 9.0,
            },
        )
    ]


@pytest.mark.parametrize(
    ("recipients", "wire"),
    [
        ("'bob'", [{"id": "bob"}]),
        (
            "['bob', {'id': 'x', 'recipientType': 'GROUP'}]",
            [{"id": "bob"}, {"id": "x", "recipientType": "GROUP"}],
        ),
        ("{'id': 'x'}", [{"id": "x"}]),
    ],
)
def test_a_recipient_is_a_name_or_what_the_platform_takes(language, recipients, wire):
    [said] = language.run(f"def main(form):\n    form.post(recipients={recipients})\n", provide=FORM).said

    assert said["arguments"]["trigger"] == {"recipients": wire}


def test_a_field_that_a_form_has_not_is_told(language):
    ended = language.run("def main(form):\n    form.post(recipiens='x')\n", provide=FORM)

    assert ended.end == 'faulted TypeError: a form has no field "recipiens"; did you mean "recipients"?'


def test_an_applications_own_capability_is_called_by_its_methods(language):
    ended = language.run(
        "def main(tickets):\n    return [tickets.lookup(id=3, _note='n'), repr(tickets), hasattr(tickets, 'close')]\n",
        provide={"tickets": {"kind": "capability", "value": {"name": "tickets", "methods": ["lookup"]}}},
        answers=lambda call: {"value": {"echo": call["arguments"]}},
    )

    assert ended.end == (
        'returned [{"echo": {"arguments": {"id": 3, "_note": "n"}}}, "<Capability tickets>", false]'
    )


@pytest.mark.parametrize(
    ("call", "end"),
    [
        ("tickets.lookup(3)", "faulted TypeError: <method tickets.lookup> takes its arguments by name"),
        ("tickets.lookup(id={1})", "faulted TypeError: id holds a set; values must be JSON-able"),
        ("tickets.lokup()", "faulted AttributeError: 'Capability' object has no attribute 'lokup'. Did you mean \"lookup\"?"),
    ],
)  # fmt: skip
def test_a_capability_called_wrongly_says_how(language, call, end):
    provide = {"tickets": {"kind": "capability", "value": {"name": "tickets", "methods": ["lookup"]}}}

    assert language.run(f"def main(tickets):\n    {call}\n", provide=provide).end == end


def test_what_is_given_shows_itself_and_no_more(language):
    ended = language.run(
        "def main(http, log, clock, constants, callback, request, initiator):\n"
        "    return [repr(each) for each in (http, log, clock, constants, callback, request, initiator, http.get('/x'))]\n"
    )

    assert ended.frame["value"] == [
        "<Http>", "<Log>", "<Clock>", "<Constants Colour>", "<Callback RESPONSE of event 7>", "<Request POST r1>",
        "<Initiator rob via test>", "<Response 200 OK>",
    ]  # fmt: skip


def test_a_log_takes_any_value_and_shows_no_address(language):
    [said] = language.run(
        "def main(log):\n    log.warning({'a': 1}, list=[1], obj=object(), _own=1, deep={'x': {2}})\n"
    ).said

    assert said["method"] == "warning"
    assert said["arguments"] == {
        "message": "{'a': 1}",
        "fields": {"list": [1], "obj": "<object object>", "_own": 1, "deep": "{'x': {2}}"},
    }


@pytest.mark.parametrize("seconds", ["-1", "float('nan')", "'1'", "True"])
def test_a_sleep_of_no_length_is_refused_before_the_host_hears_of_it(language, seconds):
    ended = language.run(f"def main(clock):\n    clock.sleep({seconds})\n")

    assert ended.frame["type"] in ("TypeError", "ValueError")
    assert ended.said == []
