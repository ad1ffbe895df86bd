"""Bodies that are no JSON, or odd: refused or kept, never a fault, and always given back as JSON (C-31, C-37)."""

import json
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.anyio

TRIGGER = "/api/integration/1/functions/by-basic/triggers"
DEEP = 100_000

#: What is no JSON text, or one that has its catches.
ODD = {
    "nothing": b"",
    "a space": b" ",
    "an open object": b"{",
    "an open list": b"[",
    "an open text": b'"',
    "a closed object": b"}",
    "a closed list": b"]",
    "a comma": b",",
    "a colon": b":",
    "two values": b"{}{}",
    "two lines of values": b"{}\n{}",
    "a comma at the end": b'{"a":1,}',
    "a comma in a list at the end": b"[1,]",
    "two commas": b"[1,,2]",
    "no colon": b'{"a" 1}',
    "no value": b'{"a":}',
    "no key": b"{:1}",
    "a key that is a number": b"{1:1}",
    "a key without quotes": b"{a:1}",
    "single quotes": b"{'a':1}",
    "a comment": b"{/* a */}",
    "a line comment": b"// a\n{}",
    "a NaN": b'{"a":NaN}',
    "an Infinity": b'{"a":Infinity}',
    "a negative Infinity": b"-Infinity",
    "True": b"True",
    "None": b"None",
    "undefined": b"undefined",
    "a leading zero": b"01",
    "a plus": b"+1",
    "a point alone": b".5",
    "a point at the end": b"5.",
    "hexadecimal": b"0x10",
    "an underscore": b"1_000",
    "a minus": b"-",
    "minus zero": b"-0",
    "an exponent alone": b"1e",
    "a number without end": b"9" * 5000,
    "a number beyond a double": b"1e400",
    "a negative one": b"-1e400",
    "a number near zero": b"1e-400",
    "a long fraction": b"0." + b"1" * 100_000,
    "a long exponent": b"1e" + b"0" * 10_000 + b"1",
    "a NUL": b'"\x00"',
    "a NUL as an escape": b'"\\u0000"',
    "a NUL in a key": b'{"a\\u0000b":1}',
    "a control character": b'"\x01"',
    "a line end": b'"\n"',
    "half a pair": b'"\\ud800"',
    "the other half": b'"\\udc00"',
    "halves in the wrong order": b'"\\udc00\\ud800"',
    "half a pair in a key": b'{"\\ud800":1}',
    "half a pair raw": b'"\xed\xa0\x80"',
    "a whole pair": b'"\\ud83d\\ude00"',
    "an escape that is none": b'"\\x41"',
    "an escape that is cut": b'"\\u12"',
    "a backslash at the end": b'"\\',
    "bytes that are no UTF-8": b'"\xff"',
    "an overlong NUL": b'"\xc0\x80"',
    "beyond Unicode": b'"\xf4\x90\x80\x80"',
    "UTF-16": "{}".encode("utf-16"),
    "UTF-16 without a mark": '{"a":1}'.encode("utf-16-le"),
    "UTF-32": "{}".encode("utf-32"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-7": b"+ADwAew-",
    "deep lists": b"[" * DEEP,
    "deep closed lists": b"[" * DEEP + b"]" * DEEP,
    "deep objects": b'{"a":' * DEEP,
    "deep closed objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "lists of 201 levels": b"[" * 201 + b"]" * 201,
    "lists of 500 levels": b"[" * 500 + b"]" * 500,
    "many empty lists": b"[" + b"[]," * 200_000 + b"[]]",
    "many keys": b"{" + b",".join(b'"%d":1' % each for each in range(80_000)) + b"}",
    "the same key many times": b"{" + b",".join([b'"a":1'] * 100_000) + b"}",
    "the same key with two values": b'{"a":1,"a":2}',
    "an empty key": b'{"":1}',
    "a long key": b'{"' + b"k" * 500_000 + b'":1}',
    "a long text": b'"' + b"x" * 1_000_000 + b'"',
    "many escapes": b'"' + b"\\u0041" * 150_000 + b'"',
    "a prototype": b'{"__proto__":{"a":1},"constructor":{"prototype":1}}',
    "a class": b'{"__class__":"os.system","py/object":"os.system","$type":"x"}',
    "a file": b'{"filename":"/etc/passwd","content_type":"x","file":{}}',
    "markup": b"<script>alert(1)</script>",
    "XML with an entity": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    "YAML": b"!!python/object/apply:os.system ['id']",
    "a pickle": b"cos\nsystem\n(S'id'\ntR.",
    "a form": b"a=1&b=2",
    "a multipart": b'--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\nc\r\n--x--',
    "gzip": b"\x1f\x8b\x08\x00",
    "a format string": b'"%s%n%x{0.__class__}${jndi:ldap://x}"',
    "SQL": b'"\'; DROP TABLE runs; --"',
    "separators of lines": '"\u2028\u2029\x85"'.encode(),
    "directions": '"\u202e\u2066\u200f"'.encode(),
    "escapes of a terminal": b'"\\u001b[2J\\u001b]0;x\\u0007"',
    "combining characters": ('"' + "a" + "\u0301" * 10_000 + '"').encode(),
    "characters of no use": '"\ufffe\uffff\ufeff"'.encode(),
    "an astral character": '"\U0010ffff"'.encode(),
    "true": b"true",
    "null": b"null",
    "a number": b"12",
    "a text": b'"a"',
    "a list": b"[1,2]",
    "spaces around": b" \t\r\n{} \t\r\n",
    "a no-break space": "\u00a0{}".encode(),
    "a form feed": b"\x0c{}",
}
KINDS = [
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "",
    "application/json; charset=utf-16",
]


async def test_every_odd_body_is_kept_or_refused_and_can_be_listed(bench):
    stan = bench.client("stan")
    answers = {}
    for name, body in ODD.items():
        for kind in KINDS[:1] if len(body) > 1000 else KINDS:
            began = time.process_time()
            answer = await stan.post(TRIGGER, content=body, headers={"Content-Type": kind} if kind else None)
            answers[name, kind] = answer.status_code
            assert time.process_time() - began < 2

    assert set(answers.values()) <= {202, 400, 413, 415}
    assert answers["a list", "application/json"] == 202
    # A body that says it is JSON and is not is a text like any other.
    assert answers["an open object", "application/json"] == 202
    assert answers["bytes that are no UTF-8", "application/json"] == 415
    runs = await bench.runs()
    assert len(runs) == list(answers.values()).count(202)
    for run in runs:
        json.dumps(dict(run.start), allow_nan=False).encode("ascii")


async def test_every_odd_body_of_the_api_is_an_object_that_fits_or_is_refused(bench):
    dev = bench.client("dev")
    answers = {}
    for name, body in ODD.items():
        began = time.process_time()
        answer = await dev.patch(
            "/api/v1/integrations/by-basic", content=body, headers={"Content-Type": "application/json"}
        )
        answers[name] = answer.status_code
        assert time.process_time() - began < 2
        assert len(answer.content) < 10_000
        assert answer.headers["Content-Type"] in ("application/problem+json", "application/json")
        answer.json()

    assert set(answers.values()) <= {200, 400, 422}
    assert {name for name, status in answers.items() if status == 200} == {"spaces around"}
    assert answers["a NUL as an escape"] == answers["half a pair"] == answers["a NaN"] == 400


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/xml",
    ],
)
async def test_the_api_takes_json_and_nothing_else(bench, kind):
    answer = await bench.client("dev").patch(
        "/api/v1/integrations/by-basic", content=b'{"enabled": false}', headers={"Content-Type": kind}
    )

    assert (answer.status_code, answer.json()["code"]) == (415, "MEDIA_TYPE_REFUSED")


@given(body=st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_body_is_a_fault(bench, body):
    kept = await bench.client("stan").post(
        TRIGGER, content=body, headers={"Content-Type": "application/json"}
    )
    sent = await bench.client("dev").put(
        "/api/v1/plans/incidents/constants/x", content=body, headers={"Content-Type": "application/json"}
    )

    assert kept.status_code in (202, 415)
    assert sent.status_code in (204, 400, 422)


@given(value=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=50))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_a_text_is_given_back_as_it_was_sent(bench, value):
    dev = bench.client("dev")
    sent = await dev.put("/api/v1/plans/incidents/constants/x", json={"value": value})
    listed = (await dev.get("/api/v1/plans/incidents/constants")).json()["data"]

    assert sent.status_code == 204
    assert listed == [{"name": "x", "value": value}]


async def test_of_many_faults_the_first_are_told(bench):
    body = {f"key {number}": number for number in range(2000)}
    answer = await bench.client("sue").patch("/api/v1/plans/incidents", json=body)
    more = await bench.client("sue").patch("/api/v1/plans/incidents", json={"x": list(range(5000))})

    assert (
        answer.json()["detail"] == "2000 values of the request cannot be used; see errors for the first 20."
    )
    assert len(answer.json()["errors"]) == 20
    assert (more.status_code, more.json()["detail"]) == (
        422,
        "The body has more than 5000 values. Send less.",
    )
