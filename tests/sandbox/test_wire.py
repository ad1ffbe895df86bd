"""Frames as the guest writes and reads them."""

import json
import os
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deputize_guest.wire import Connection, HostGone, decode, encode

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Connection(ours.fileno()), theirs


@given(st.dictionaries(st.text(), VALUES, max_size=4))
def test_a_frame_is_read_as_it_was_written(frame):
    written = encode(frame)

    assert int.from_bytes(written[:4], "big") == len(written) - 4
    assert decode(written[4:]) == json.loads(json.dumps(frame).encode("utf-8", "replace"))


def test_half_a_surrogate_pair_becomes_a_question_mark():
    assert decode(encode({"a": "\ud800"})[4:]) == {"a": "?"}


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_not_written(value):
    with pytest.raises(ValueError, match="not JSON compliant"):
        encode({"a": value})


@pytest.mark.parametrize(
    "body", [b"", b"[1]", b"1", b'{"a": NaN}', b'{"a": 1e999}', b'{"a": "\xff"}', b"{", b'{"a":1}x']
)
def test_what_is_no_frame_is_not_read(body):
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the parser says
        decode(body)


def test_a_frame_may_come_in_pieces(pair):
    connection, host = pair
    frame = encode({"text": "x" * 1000})
    for piece in (frame[:2], frame[2:4], frame[4:10], frame[10:]):
        host.sendall(piece)

    assert connection.receive() == {"text": "x" * 1000}


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (b"", "the host closed the connection"),
        (b"\0\0", "the host closed the connection"),
        (b"\0\0\0\5ab", "the host closed the connection"),
        (b"\xff\xff\xff\xff", "a frame of 4294967295 bytes is longer than 33554432"),
        (b"\0\0\0\3abc", "the host wrote what is no frame: Expecting value: line 1 column 1 (char 0)"),
    ],
)
def test_a_host_that_breaks_off_is_gone_for_good(pair, sent, message):
    connection, host = pair
    host.sendall(sent)
    host.shutdown(socket.SHUT_WR)

    with pytest.raises(HostGone) as gone:
        connection.receive()
    with pytest.raises(HostGone) as again:
        connection.receive()
    with pytest.raises(HostGone):
        connection.send(encode({}))

    assert str(gone.value) == message
    assert str(again.value) == "the connection is broken"


def test_a_host_that_is_gone_is_no_exception_that_a_script_catches():
    assert not issubclass(HostGone, Exception)


def test_writing_to_a_host_that_is_gone_says_so():
    read, write = os.pipe()
    os.close(read)
    connection = Connection(write)

    with pytest.raises(HostGone, match="the host closed the connection"):
        connection.send(encode({}))
    os.close(write)
