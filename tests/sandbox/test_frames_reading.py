"""What a guest may say is read strictly, and within bounds; nothing else gets past."""

import json
import time
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deputize_sandbox.errors import ProtocolViolation
from deputize_sandbox.supervisor import messages
from deputize_sandbox.supervisor.frames import FrameCutter, ResultTooLong, encode
from deputize_sandbox.supervisor.messages import CallMessage, FaultedMessage, ReturnedMessage, read

LIMIT = 1000

bodies = st.lists(st.binary(max_size=300), max_size=6)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def framed(body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + body


def frame(**fields) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode()


def call(**changes) -> bytes:
    whole = {"kind": "call", "id": 1, "capability": "http", "method": "send", "arguments": {}, "line": 3}
    return frame(**(whole | changes))


@given(bodies=bodies, cuts=st.lists(st.integers(0, 2000), max_size=20))
def test_frames_come_out_as_they_went_in_however_the_bytes_are_cut(bodies, cuts):
    stream = b"".join(map(framed, bodies))
    places = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    cutter = FrameCutter(LIMIT)

    out = []
    for begin, end in pairwise(places):
        cutter.feed(stream[begin:end])
        while (body := cutter.cut()) is not None:
            out.append(body)

    assert out == bodies
    assert cutter.pending == 0


@given(length=st.integers(LIMIT + 1, 0xFFFFFFFF), rest=st.binary(min_size=19, max_size=40))
def test_a_frame_that_is_too_long_is_refused_when_it_is_announced(length, rest):
    cutter = FrameCutter(LIMIT)
    cutter.feed(length.to_bytes(4, "big") + rest)

    with pytest.raises(ProtocolViolation, match=rf"^a frame of {length} bytes; at most {LIMIT} are allowed$"):
        cutter.cut()


def test_a_result_that_is_too_long_is_told_from_a_lie_by_its_beginning():
    cutter = FrameCutter(LIMIT)
    cutter.feed((1 << 20).to_bytes(4, "big"))
    undecided = cutter.cut()
    cutter.feed(b'{"kind":"retur')
    still_undecided = cutter.cut()
    cutter.feed(b'ned","value":"')

    assert (undecided, still_undecided) == (None, None)
    with pytest.raises(ResultTooLong):
        cutter.cut()


@given(value=values)
def test_every_json_value_is_read_as_json_reads_it(value):
    body = frame(kind="returned", value=value)

    assert read(body) == ReturnedMessage(kind="returned", value=json.loads(body)["value"])


@given(data=st.binary(max_size=200))
@example(b"")
@example(b"null")
@example(b"[]")
@example(b'"returned"')
@example(b"\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00\x8c\x02os\x94\x93\x94.")
@example(b'{"kind":"returned"}')
@example(b'{"kind":"returned","value":1}x')
@example(b'\xef\xbb\xbf{"kind":"returned","value":1}')
@example(b'{"kind":"returned","value":"\xed\xa0\x80"}')
def test_bytes_that_are_no_frame_are_refused(data):
    with pytest.raises(ProtocolViolation):
        read(data)


@given(
    damage=st.lists(st.tuples(st.integers(0, 200), st.binary(max_size=3)), min_size=1, max_size=4),
    whole=st.sampled_from(
        [
            call(),
            call(arguments={"request": {"a": [1, {"b": None}]}}),
            frame(kind="returned", value={"a": [1.5, "x", None, True]}),
            frame(kind="faulted", type="E", message="m", traceback=[{"line": 1, "function": "main"}]),
            frame(kind="compiled", code="AAAA", parameters=[], endpoints=[]),
            frame(kind="out_of_memory"),
        ]
    ),
)
def test_a_damaged_frame_is_refused_or_read_but_never_breaks_the_reader(damage, whole):
    body = bytearray(whole)
    for place, junk in damage:
        body[place % len(body) : place % len(body) + len(junk)] = junk

    with suppress(ProtocolViolation):
        assert isinstance(read(bytes(body)), messages.Message)


@given(
    fields=st.dictionaries(st.text(max_size=12), values, max_size=8),
    kind=st.sampled_from(
        ["call", "tell", "returned", "faulted", "compiled", "rejected", "parked", "examined", "x"]
    ),
)
def test_objects_of_any_fields_are_refused_or_read(fields, kind):
    with suppress(ProtocolViolation):
        assert read(frame(**{**fields, "kind": kind})).kind == kind


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (call(id=0), "a frame 'call' in which 'id' is wrong: greater_than_equal"),
        (call(id=1.0), "a frame 'call' in which 'id' is wrong: int_type"),
        (call(id=True), "a frame 'call' in which 'id' is wrong: int_type"),
        (call(line="3"), "a frame 'call' in which 'line' is wrong: int_type"),
        (call(line=0), "a frame 'call' in which 'line' is wrong: greater_than_equal"),
        (call(capability=""), "a frame 'call' in which 'capability' is wrong: string_too_short"),
        (call(method="m" * 201), "a frame 'call' in which 'method' is wrong: string_too_long"),
        (call(arguments=[]), "a frame 'call' in which 'arguments' is wrong: dict_type"),
        (call(user="admin"), "a frame 'call' in which a key is wrong: it is unknown"),
        (frame(kind="call", id=1), "a frame 'call' in which 'capability' is wrong: it is missing"),
        (frame(kind="launch"), "a frame of no known kind"),
        (frame(value=1), "a frame of no known kind"),
        (b"[1]", "a frame of no known kind"),
        (b"{", "a frame that is no JSON"),
        (b'{"kind":"returned","value":NaN}', "no JSON: NaN is no number of JSON"),
        (b'{"kind":"returned","value":-Infinity}', "no JSON: -Infinity is no number of JSON"),
        (b'{"kind":"returned","value":1e999}', "no JSON: a number is beyond the range of a float"),
        (b'{"kind":"returned","value":1' + b"0" * 400 + b".5}", "no JSON: a number is beyond the range of a float"),
        (b'{"kind":"returned","value":"\\ud800"}', "a frame that is no JSON"),
        (b'{"kind":"returned","value":' + b"9" * 5000 + b"}", "a frame that is no JSON"),
        (b'{"kind":"returned","value":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "a frame that is no JSON"),
        (b'{"kind":"returned","value":' + b'{"a":' * 5000 + b"1" + b"}" * 5001, "a frame that is no JSON"),
        (
            b'{"kind":"returned","value":[' + b"[]," * 250_000 + b"[]]}",
            "a frame of more than 250000 lists and objects",
        ),
        (frame(kind="compiled", code="!", parameters=[], endpoints=[]), "a frame 'compiled' in which 'code' is wrong: value_error"),
        (frame(kind="compiled", code="", parameters=[], endpoints=[], shared={"a" * n: "" for n in range(1, 1002)}), "a frame 'compiled' in which 'shared' is wrong: value_error"),
        (frame(kind="returned", value=1, **{f"k{n}": 1 for n in range(1001)}), "a frame with more than 1000 faults"),
    ],
    ids=lambda value: value[:50] if isinstance(value, bytes) else "",
)  # fmt: skip
def test_what_is_wrong_is_said_without_a_word_of_the_guest(body, problem):
    with pytest.raises(ProtocolViolation) as raised:
        read(body)

    assert str(raised.value) == problem


def test_what_a_script_may_write_at_any_length_is_cut_not_refused():
    message = read(
        frame(
            kind="faulted",
            type="T" * 5000,
            message="m" * 100_000,
            traceback=[{"line": 1, "function": "f" * 5000}],
        )
    )

    assert isinstance(message, FaultedMessage)
    assert (len(message.type), len(message.message), len(message.traceback[0].function)) == (200, 16384, 200)
    assert message.message.endswith("m…")


def test_a_traceback_without_end_is_refused():
    lines = [{"line": 1, "function": "f"}] * 201

    with pytest.raises(ProtocolViolation):
        read(frame(kind="faulted", type="E", message="", traceback=lines))


@pytest.mark.parametrize(
    "body",
    [
        b'{"kind":"rejected","diagnostics":[' + b"0," * 2_000_000 + b"0]}",
        b'{"kind":"faulted","type":"E","message":"","traceback":[' + b"0," * 2_000_000 + b"0]}",
        frame(kind="returned", value=1, **{f"{n}": 0 for n in range(400_000)}),
        frame(kind="compiled", code="", parameters=[], endpoints=[], shared={f"{n}": 0 for n in range(400_000)}),
        frame(kind="returned", value=("1" * 308 + "a") * 13_000),
    ],
    ids=["diagnostics", "traceback", "keys", "libraries", "digits"],
)  # fmt: skip
def test_no_frame_holds_the_host_up(body):
    """Each took the host between one and six seconds, and the first of them two gigabytes."""
    begun = time.process_time()
    with suppress(ProtocolViolation):
        read(body)

    assert time.process_time() - begun < 0.6


def test_a_text_that_only_looks_like_a_strange_number_is_read():
    body = frame(kind="returned", value="NaN Infinity 1e999 " + "1" * 400)

    assert read(body).value == json.loads(body)["value"]


def test_names_that_repeat_mean_the_last_as_in_json():
    body = b'{"kind":"call","id":7,"id":1,"capability":"http","method":"a","method":"b","arguments":{},"line":null}'
    message = read(body)

    assert isinstance(message, CallMessage)
    assert (message.id, message.method) == (1, "b")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"a": [1, None, "ä"]}, '{"a":[1,null,"ä"]}'),
        (float("nan"), "null"),
        (float("inf"), "null"),
        ("\ud800", '"?"'),
    ],
)
def test_what_goes_to_a_guest_is_json_whatever_the_handler_answers(value, text):
    written = encode({"value": value})

    assert written == framed(f'{{"value":{text}}}'.encode())


def test_what_is_told_alike_each_time_is_put_before_the_rest():
    assert encode({"seed": "a"}, before=b'{"do":"run"}') == framed(b'{"do":"run","seed":"a"}')
