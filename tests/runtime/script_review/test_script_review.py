"""What a script shows of itself before it runs; what is not certain is left alone."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deputize.script_review.path_review import PeopleRead
from deputize.script_review.review import ScriptReview, review_script


def review(body, head=""):
    """Return what a script shows whose ``main`` has *body*, which begins at line 1."""
    return review_script(f"def main(http, form, initiator, log): {body}\n{head}")


def ignored(body):
    return [(each.line, each.call) for each in review_script(textwrap.dedent(body)).ignored]


@pytest.mark.parametrize(
    ("body", "call"),
    [
        ("http.post('/x')", "http.post"),
        ("form.post(properties={})", "form.post"),
        ("return http.get('/x').json()['total']", "http.get"),
        ("answer = http.get('/x'); return answer.json()", "http.get"),
        ("answer: object = http.send(request); return answer.text", "http.send"),
        ("answer = http.put('/x', json={})", "http.put"),
        ("return (answer := http.delete('/x')).headers", "http.delete"),
        ("return [http.get(each).json() for each in ('/a', '/b')]", "http.get"),
    ],
)
def test_a_call_at_whose_status_nothing_looks_is_found(body, call):
    assert [(each.line, each.call) for each in review(body).ignored] == [(1, call)]


@pytest.mark.parametrize(
    "body",
    [
        "answer = http.get('/x'); return answer.json() if answer.ok else None",
        "return http.get('/x').raise_for_status().json()",
        "answer = http.get('/x'); log.info('got', status=answer.status_code); return answer.json()",
        "return http.get('/x')",
        "check(http.get('/x'))",
        "answer = http.get('/x'); check(answer); return answer.json()",
        "answers = [http.get('/x')]",
        "a, b = http.send_all(requests)",
        "answer = http.get('/x'); answer = http.get('/y'); return answer.refused",
        "return (answer := http.get('/x')).json() if answer.ok else 1",
        "answer = http.get('/x'); return lambda: answer.ok",
        "log.info('no') if http.post('/x').refused else None",
        "http.build_request('GET', '/x')",
        "log.info('x')",
    ],
)
def test_a_status_that_is_or_may_be_looked_at_is_left_alone(body):
    assert review(body).ignored == ()


def test_the_pages_of_a_list_are_followed_like_any_response():
    assert ignored("""
        def main(http):
            for page in http.pages("/api/xm/1/groups"):
                page.json()
            for page_ in http.pages("/api/xm/1/groups"):
                page_.raise_for_status()
        """) == [(3, "http.pages")]


def test_a_response_of_the_whole_module_may_be_looked_at_anywhere():
    assert (
        ignored("""
        def main(http):
            global answer
            answer = http.get("/x")
            answer.json()
        """)
        == []
    )


@pytest.mark.parametrize(
    "head",
    [
        "import http",
        "http = make()",
        "from tools import client as http",
        "def http(): pass",
        "class http: pass",
    ],
)
def test_a_name_with_another_meaning_is_not_the_client(head):
    assert review_script(f"{head}\nhttp.get('/api/xm/1/people')\n") == ScriptReview()


@pytest.mark.parametrize(
    ("call", "key", "listed"),
    [
        ("http.get('/api/xm/1/people')", None, True),
        ("http.get('api/xm/1/people?search=mary')", None, True),
        ("http.get(f'/api/xm/1/people?search={name}')", None, True),
        ("http.pages('/api/xm/1/people', params={'search': 'a'})", None, True),
        ("http.get('/api/xm/1/people/mmcbride')", "mmcbride", False),
        ("http.get('/api/xm/1/people/mmcbride/devices')", "mmcbride", False),
        ("http.get('/api/xm/1/devices/mmcbride%7CWork Email')", "mmcbride", False),
        ("http.get(f'/api/xm/1/people/{name}')", None, False),
        ("http.get('/api/xm/1/people/' + name + '/devices')", None, False),
        ("http.get('/api/xm/1/people/%s' % name)", None, False),
        ("http.get('/api/xm/1/people/{}'.format(name))", None, False),
        ("http.get(path=f'/api/xm/1/people/x{initiator.id}')", None, False),
        ("http.request('get', '/api/xm/1/people/mmcbride')", "mmcbride", False),
        ("http.build_request(method='GET', path='/api/xm/1/people/mmcbride')", "mmcbride", False),
        ("http.get('/reapi/2015-04-01/people/mmcbride')", "mmcbride", False),
        ("http.get('/api/xm/1/people/mmcbride', endpoint='platform')", "mmcbride", False),
    ],
)
def test_a_call_that_reads_people_is_found(call, key, listed):
    assert review(f"return {call}").reads == (PeopleRead(line=1, key=key, listed=listed),)


@pytest.mark.parametrize(
    "call",
    [
        "http.get(f'/api/xm/1/people/{initiator.id}')",
        "http.get('/api/xm/1/people/mmcbride', endpoint='Directory')",
        "http.post('/api/xm/1/people', json={})",
        "http.request('POST', '/api/xm/1/people')",
        "http.get('/api/xm/1/groups')",
        "http.get(f'/api/xm/1/groups/{name}')",
        "http.get('/api/xm/1/peoples')",
        "http.get()",
    ],
)
def test_a_call_that_reads_nobody_else_is_left_alone(call):
    found = review(f"return {call}")

    assert (found.reads, found.unclear, found.ignored) == ((), (), ())


@pytest.mark.parametrize(
    "call",
    [
        "http.get(path)",
        "http.get(f'/api/xm/1/{kind}')",
        "http.get(base + '/people')",
        "http.get('/api/xm/1/people' + rest)",
        "http.get('/api/xm/1/people/mmcbride', endpoint=where)",
    ],
)
def test_a_path_that_the_run_makes_is_told_as_unclear(call):
    assert review(f"return {call}") == ScriptReview(unclear=(1,))


def test_a_constant_of_the_module_stands_for_its_text():
    source = "API = '/api/xm/1'\ndef main(http):\n    return http.get(f'{API}/people/mmcbride')\n"

    assert review_script(source).reads == (PeopleRead(line=3, key="mmcbride", listed=False),)


def test_a_name_that_is_given_twice_stands_for_nothing():
    source = "API = '/api/xm/1'\ndef main(http, API):\n    return http.get(f'{API}/people')\n"

    assert review_script(source) == ScriptReview(unclear=(3,))


@pytest.mark.parametrize("source", ["var x = 1;", "def main(", "x = '\0'", "(" * 10_000 + ")" * 10_000])
def test_what_is_not_python_shows_nothing(source):
    assert review_script(source) is None


@given(st.text(max_size=60))
def test_no_path_breaks_the_review(path):
    source = f"def main(http):\n    return http.get({path!r}, timeout=1).json()\n"

    found = review_script(source)

    assert [(each.line, each.call) for each in found.ignored] == [(2, "http.get")]
    assert found.unclear == ()
