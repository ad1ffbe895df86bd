"""A guest that lies to the host, with the language layer off: it ends its own run, and nothing else."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from raw_sandbox import Recorder

from deputize_sandbox import (
    Answer,
    Answered,
    Crashed,
    Faulted,
    GuestCall,
    LimitReached,
    OverLimit,
    Returned,
    SandboxLimits,
)

CALL = "{'kind': 'call', 'id': %s, 'capability': 'http', 'method': 'send', 'arguments': {}, 'line': 1}"
RETURNED = "wire.encode({'kind': 'returned', 'value': %s})"

#: What a guest writes in the place of what it should, and why its run ends.
LIES = {
    "a length and no frame": (
        "os.write(fd, b'\\xff\\xff\\xff\\xff' + b'x' * 32)",
        "a frame of 4294967295 bytes; at most 4194304 are allowed",
    ),
    "an empty frame": ("os.write(fd, b'\\0\\0\\0\\0')", "a frame that is no JSON"),
    "a pickle": (
        "import pickle; data = pickle.dumps(print); os.write(fd, len(data).to_bytes(4, 'big') + data)",
        "a frame that is no JSON",
    ),
    "text that is no UTF-8": ("os.write(fd, b'\\0\\0\\0\\2\\xff\\xfe')", "a frame that is no JSON"),
    "nesting without end": (
        "data = b'{\"kind\":\"returned\",\"value\":' + b'[' * 200_000 + b']' * 200_000 + b'}'\n"
        "connection.send(len(data).to_bytes(4, 'big') + data)",
        "a frame that is no JSON",
    ),
    "a kind that does not exist": (
        "connection.send(wire.encode({'kind': 'launch'}))",
        "a frame of no known kind",
    ),
    "a key of its own": (
        "connection.send(wire.encode({**" + CALL % 1 + ", 'initiator': 'admin'}))",
        "a frame 'call' in which a key is wrong: it is unknown",
    ),
    "a call whose number is not the next": (
        f"connection.send(wire.encode({CALL % 2}))",
        "call 1 came with another number",
    ),
    "a number that comes twice": (
        f"connection.send(wire.encode({CALL % 1})); connection.receive()\n"
        f"connection.send(wire.encode({CALL % 1})); connection.receive()",
        "call 2 came with another number",
    ),
    "what belongs to another job": (
        "connection.send(wire.encode({'kind': 'rejected', 'diagnostics': "
        "[{'code': 'SYNTAX_ERROR', 'message': '', 'line': 1, 'column': 1}]}))",
        "a frame 'rejected' that does not belong here",
    ),
    "code of its own making": (
        "connection.send(wire.encode({'kind': 'compiled', 'code': '', 'parameters': [], 'endpoints': []}))",
        "a frame 'compiled' that does not belong here",
    ),
    "that it is parked": (
        "connection.send(wire.encode({'kind': 'parked', 'cpu_seconds': 0}))",
        "a frame 'parked' that does not belong here",
    ),
    "findings of the self-test": (
        "connection.send(wire.encode({'kind': 'examined', 'findings': []}))",
        "a frame 'examined' that does not belong here",
    ),
    "two ends in one breath": (
        f"os.write(fd, {RETURNED % 1} + {RETURNED % 2})",
        "something was said after the final frame",
    ),
    "an end, and half a frame": (
        f"os.write(fd, {RETURNED % 1} + b'\\0\\0')",
        "something was said after the final frame",
    ),
    "a NaN": (
        'data = b\'{"kind":"returned","value":NaN}\'; os.write(fd, len(data).to_bytes(4, \'big\') + data)',
        "no JSON: NaN is no number of JSON",
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_ends_the_run_of_the_guest_that_told_it(raw, lie):
    source, reason = LIES[lie]
    outcome = raw.run(source + "\nwhile True: pass")

    assert outcome == Crashed(code="PROTOCOL_VIOLATION", detail=reason, usage=None)


def test_a_guest_that_claims_to_be_unconfined_ends_only_its_run(raw):
    outcome = raw.run(
        "connection.send(wire.encode({'kind': 'unconfined', 'layer': 'x', 'detail': 'y'})); os._exit(70)"
    )

    assert outcome == Crashed(code="GUEST_CRASHED", detail="the guest was not confined: x (y)", usage=None)


def test_the_first_end_is_the_end(raw):
    recorder = Recorder()
    outcome = raw.run(
        f"os.write(fd, {RETURNED % 1})\nfor _ in range(1000): os.write(fd, wire.encode({CALL % 1}))\n",
        handler=recorder,
    )

    # Both may be read at once; then it is a lie. A call after the end is never answered.
    assert outcome in (
        Returned(value=1, usage=None),
        Crashed(code="PROTOCOL_VIOLATION", detail="something was said after the final frame", usage=None),
    )
    assert recorder.calls == []


def test_a_guest_that_stays_after_its_end_is_killed(raw):
    outcome = raw.run(f"os.write(fd, {RETURNED % 1})\nwhile True: pass")

    assert outcome == Returned(value=1, usage=None)
    assert raw.usage(outcome).cpu_seconds < 2


def test_a_guest_that_speaks_while_its_call_is_answered_breaks_the_protocol(raw):
    handler = Slow()
    outcome = raw.run(
        f"os.write(fd, wire.encode({CALL % 1})); os.write(fd, wire.encode({CALL % 2}))\nwhile True: pass",
        handler=handler,
    )

    assert outcome == Crashed(
        code="PROTOCOL_VIOLATION", detail="a frame while a call was being answered", usage=None
    )
    # Where both came at once nobody began to answer.
    assert handler.cancelled == handler.begun <= 1


def test_a_guest_that_dies_while_its_call_is_answered_takes_the_answer_with_it(raw):
    handler = Slow()
    outcome = raw.run(f"os.write(fd, wire.encode({CALL % 1})); os._exit(3)", handler=handler)

    assert outcome == Crashed(
        code="GUEST_CRASHED",
        detail="the guest left with exit code 3 while a call was being answered",
        usage=None,
    )
    assert handler.cancelled == handler.begun <= 1


def test_the_wall_clock_runs_while_a_call_is_answered(raw):
    handler = Slow()
    outcome = raw.run(
        f"os.write(fd, wire.encode({CALL % 1})); connection.receive()",
        handler=handler,
        limits=SandboxLimits(wall_seconds=0.2),
    )

    assert outcome == OverLimit(limit="wall_seconds", value=0.2, usage=None)
    assert handler.cancelled == 1


def test_a_guest_that_writes_without_end_waits_while_nobody_takes_it(raw):
    handler = Deaf()
    tell = (
        "{'kind': 'tell', 'capability': 'log', 'method': 'info', 'arguments': {'t': 'x' * 10_000}, 'line': 1}"
    )
    outcome = raw.run(
        f"frame = wire.encode({tell})\nwhile True: connection.send(frame)",
        handler=handler,
        limits=SandboxLimits(wall_seconds=1),
    )

    assert outcome == OverLimit(limit="wall_seconds", value=1, usage=None)
    assert handler.taken == 1
    assert raw.usage(outcome).cpu_seconds < 0.3


def test_a_guest_that_never_reads_its_answers_waits_for_its_own_end(raw):
    source = (
        "for n in range(1, 10_000):\n"
        f"    os.write(fd, wire.encode({{**{CALL % 1}, 'id': n, 'arguments': {{'t': 'x' * 100_000}}}}))\n"
        "    __import__('time').sleep(0.001)\n"
    )
    outcome = raw.run(source, limits=SandboxLimits(wall_seconds=1))

    assert outcome in (
        OverLimit(limit="wall_seconds", value=1, usage=None),
        Crashed(code="PROTOCOL_VIOLATION", detail="a frame while a call was being answered", usage=None),
    )


def test_a_call_may_be_as_long_as_the_limit_says_and_no_longer(raw):
    length = "len(wire.encode(frame)) - 4"
    limits = SandboxLimits(message_bytes=100_000)
    source = (
        f"frame = {{**{CALL % 1}, 'arguments': {{'t': ''}}}}\n"
        f"frame['arguments']['t'] = 'x' * (100_000 + EXTRA - ({length}))\n"
        "connection.send(wire.encode(frame))\n"
        "result = len(connection.receive()['value']['t'])\n"
    )
    fits = raw.run(source.replace("EXTRA", "0"), limits=limits)
    does_not = raw.run(source.replace("EXTRA", "1"), limits=limits)

    assert isinstance(fits, Returned)
    assert does_not == Crashed(
        code="PROTOCOL_VIOLATION",
        detail="a frame of 100001 bytes; at most 100000 are allowed",
        usage=None,
    )


@pytest.mark.parametrize("length", [1_100_000, 9_000_000])
def test_a_result_that_is_too_long_is_a_limit_and_no_lie(raw, length):
    outcome = raw.run(f"result = 'x' * {length}", limits=SandboxLimits(result_bytes=1_000_000))

    assert outcome == OverLimit(limit="result_bytes", value=1_000_000, usage=None)


def test_a_result_that_the_limit_admits_is_returned_whole(raw):
    outcome = raw.run("result = 'ä' * 400_000", limits=SandboxLimits(result_bytes=1_000_000))

    assert outcome == Returned(value="ä" * 400_000, usage=None)


def test_a_guest_that_talks_without_end_reaches_a_limit(raw):
    tell = (
        "{'kind': 'tell', 'capability': 'log', 'method': 'info', 'arguments': {'t': 'x' * 10_000}, 'line': 1}"
    )
    outcome = raw.run(
        f"frame = wire.encode({tell})\nwhile True: connection.send(frame)",
        limits=SandboxLimits(said_bytes=1_000_000),
    )

    assert outcome == OverLimit(limit="said_bytes", value=1_000_000, usage=None)


def test_a_message_to_nobody_breaks_the_protocol(raw):
    outcome = raw.run(
        "connection.send(wire.encode({'kind': 'tell', 'capability': 'log', 'method': 'shout', "
        "'arguments': {}, 'line': None}))\nwhile True: pass",
        handler=Strict(),
    )

    assert outcome == Crashed(code="PROTOCOL_VIOLATION", detail="log.shout: there is no shout", usage=None)


def test_a_limit_of_the_handler_ends_the_run_with_its_name(raw):
    outcome = raw.run(f"os.write(fd, wire.encode({CALL % 1})); connection.receive()", handler=Strict())

    assert outcome == OverLimit(limit="calls", value=0, usage=None)


def test_an_exception_that_is_forged_is_only_text(raw):
    outcome = raw.run(
        "connection.send(wire.encode({'kind': 'faulted', 'type': 'SystemExit', 'message': '\\x1b[2J\\0', "
        "'traceback': [{'line': 10_000_000, 'function': '<b>', 'column': 0, 'end_column': 0}]})); os._exit(0)"
    )

    assert isinstance(outcome, Faulted)
    assert (outcome.type, outcome.message) == ("SystemExit", "\x1b[2J\0")
    assert [each.line for each in outcome.traceback] == [10_000_000]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(min_size=1, max_size=2000))
def test_any_bytes_end_the_run_and_leave_the_sandbox_as_it_was(raw, data):
    outcome = raw.run(f"os.write(fd, {data!r}); os._exit(0)")

    assert isinstance(outcome, Crashed)
    assert raw.run("result = 1") == Returned(value=1, usage=None)


class Slow:
    """Never answers."""

    def __init__(self) -> None:
        self.begun = 0
        self.cancelled = 0

    async def ask(self, call: GuestCall) -> Answer:
        self.begun += 1
        try:
            await asyncio.Event().wait()
        finally:
            self.cancelled += 1
        return Answered(None)

    async def tell(self, call: GuestCall) -> None:
        raise AssertionError("nothing is told here")


class Deaf:
    """Takes one message, and is not done with it."""

    def __init__(self) -> None:
        self.taken = 0

    async def ask(self, call: GuestCall) -> Answer:
        raise AssertionError("nothing is asked here")

    async def tell(self, call: GuestCall) -> None:
        self.taken += 1
        await asyncio.Event().wait()


class Strict:
    """Knows nothing, and allows no call."""

    async def ask(self, call: GuestCall) -> Answer:
        raise LimitReached("calls", 0)

    async def tell(self, call: GuestCall) -> None:
        raise ValueError(f"there is no {call.method}")
