"""A guest does one job: it calls, is answered, and says how it ended."""

import json

import pytest
from unconfined import stock_answer


def test_calls_are_counted_and_carry_the_scripts_line(language):
    ended = language.run(
        "def main(http, log):\n"
        "    log.info('a', n=1)\n"
        "    http.get('/x')\n"
        "    helper(http)\n"
        "\n"
        "def helper(http):\n"
        "    http.post('/y', json={'a': [1]})\n"
    )

    assert [
        (each["kind"], each.get("id"), each["capability"], each["method"], each["line"])
        for each in ended.said
    ] == [
        ("tell", None, "log", "info", 2),
        ("call", 1, "http", "send", 3),
        ("call", 2, "http", "send", 7),
    ]


def test_a_call_in_a_library_carries_the_line_of_the_script(language):
    ended = language.run(
        "from shared import lib\n\ndef main(http):\n    lib.fetch(http)\n",
        shared={"lib": "\n\n\n\n\ndef fetch(http):\n    http.get('/x')\n"},
    )

    assert [each["line"] for each in ended.said] == [4]


@pytest.mark.parametrize(
    ("failed", "end"),
    [
        ({"type": "HttpError", "message": "no route", "cause": "connect"}, "HttpError connect no route"),
        ({"type": "HttpError", "message": "odd", "cause": "unheard of"}, "HttpError protocol odd"),
        ({"type": "ValueError", "message": "bad", "cause": None}, "ValueError bad"),
        ({"type": "LookupError", "message": "none", "cause": None}, "LookupError none"),
        ({"type": "PermissionError", "message": "no", "cause": None}, "PermissionError no"),
        ({"type": "SystemExit", "message": "out", "cause": None}, "RuntimeError out"),
        ({"type": "exec", "message": "out", "cause": None}, "RuntimeError out"),
    ],
)
def test_what_the_host_answers_as_an_error_is_raised(language, failed, end):
    source = (
        "from deputize.script import HttpError\n\n"
        "def main(http):\n"
        "    try:\n        http.get('/x')\n"
        "    except HttpError as error:\n        return f'HttpError {error.cause} {error}'\n"
        "    except Exception as error:\n        return f'{type(error).__name__} {error}'\n"
    )

    assert language.run(source, answers=lambda call: {"failed": failed}).end == f"returned {json.dumps(end)}"


@pytest.mark.parametrize("answer", [{"id": 7, "value": 1}, {"value": {"iso": 1}, "id": 2}])
def test_a_guest_leaves_when_the_answer_is_to_another_call(language, answer):
    ended = language.run(
        "def main(clock):\n    try:\n        clock.now()\n    except:\n        return 'stayed'\n",
        answers=lambda call: answer,
    )

    assert ended.end == "gone"


def test_a_parameter_with_a_default_may_be_left_out(language):
    assert language.run("def main(own=3, *, _other=4):\n    return [own, _other]\n").end == "returned [3, 4]"


def test_a_parameter_may_have_a_leading_underscore(language):
    ended = language.run(
        "def main(_log):\n    _log.info('x')\n", provide={"_log": {"kind": "log", "value": None}}
    )

    assert (ended.end, ended.logged) == ("returned null", ["x"])


def test_memory_that_ends_is_told_in_few_words(language):
    ended = language.run("def main():\n    kept = []\n    while True:\n        kept.append('x' * 10**7)\n")

    assert ended.frame == {"kind": "out_of_memory"}


def test_a_regular_expression_is_ended_from_outside(language):
    ended = language.run(
        "import re\n\ndef main():\n    try:\n        re.match('(a+)+$', 'a' * 60 + 'b')\n    except:\n        pass\n",
        cpu_seconds=1,
    )

    assert ended.end == "gone"


def test_what_is_left_of_a_script_says_nothing_after_its_end(language):
    source = (
        "def talker():\n"
        "    try:\n        yield\n    finally:\n        print('late')\n\n"
        "def main():\n"
        "    cycle = [talker()]\n    next(cycle[0])\n    cycle.append(cycle)\n    return 'end'\n"
    )
    ended = language.run(source)

    assert ended.end == 'returned "end"'


def test_a_result_of_mappings_and_tuples_becomes_json(language):
    source = (
        "from collections import OrderedDict\nfrom enum import IntEnum, StrEnum\n\n"
        "class Level(IntEnum):\n    LOW = 1\n\nclass Word(StrEnum):\n    YES = 'yes'\n\n"
        "def main():\n    return OrderedDict(a=(1, 2.5, None), b=Level.LOW, c=Word.YES, d=True)\n"
    )

    assert language.run(source).frame["value"] == {"a": [1, 2.5, None], "b": 1, "c": "yes", "d": True}


def test_time_stands_still_between_answers_and_goes_on_with_them(language):
    moments = iter(["2024-05-01T10:00:05+00:00", "2024-05-01T10:00:15.500000+00:00"])
    source = (
        "import time\nfrom datetime import UTC, date, datetime, timedelta, timezone\n\n"
        "def main(http, clock):\n"
        "    seen = [datetime.now(UTC).isoformat(), time.time(), time.monotonic()]\n"
        "    http.get('/x')\n"
        "    seen += [datetime.now().isoformat(), time.monotonic()]\n"
        "    time.sleep(10)\n"
        "    seen += [datetime.now(timezone(timedelta(hours=2))).isoformat(), time.perf_counter(), str(date.today()), time.time_ns()]\n"
        "    return seen\n"
    )
    ended = language.run(source, answers=lambda call: {**stock_answer(call), "now": next(moments)})

    assert ended.frame["value"] == [
        "2024-05-01T10:00:00+00:00", 1714557600.0, 0.0,
        "2024-05-01T10:00:05", 5.0,
        "2024-05-01T12:00:15.500000+02:00", 15.5, "2024-05-01", 1714557615500000000,
    ]  # fmt: skip
    assert [(each["capability"], each["method"]) for each in ended.said] == [
        ("http", "send"),
        ("clock", "sleep"),
    ]


def test_the_same_seed_draws_the_same_and_another_does_not(language):
    source = (
        "import random, statistics, uuid\n\ndef main():\n    return [random.random(), str(uuid.uuid4()), "
        "random.Random().random(), statistics.NormalDist().samples(1)[0]]\n"
    )
    first, second = language.run(source).frame["value"], language.run(source).frame["value"]
    other = language.run(source, seed="other").frame["value"]

    assert first == second
    assert all(mine != theirs for mine, theirs in zip(first, other, strict=True))


def test_the_clock_is_asked_for_the_present(language):
    ended = language.run(
        "def main(clock):\n    return [clock.now().isoformat(), type(clock.now()).__name__]\n"
    )

    assert ended.end == 'returned ["2024-05-01T10:00:00+00:00", "datetime"]'


def test_one_run_leaves_nothing_to_the_next(language):
    language.run(
        "import json, decimal\n\ndef main():\n    json.JSONEncoder.default = lambda self, o: 'spoilt'\n    decimal.getcontext().prec = 2\n"
    )
    ended = language.run(
        "import json, decimal\n\ndef main():\n    try:\n        json.dumps({1})\n    except TypeError:\n        return decimal.getcontext().prec\n"
    )

    assert ended.end == "returned 28"


def test_libraries_run_once_and_keep_their_own_state(language):
    source = (
        "from shared import counter, other\nfrom shared.counter import step\n\n"
        "def main():\n    step()\n    other.twice()\n    return [counter.count, hasattr(counter, '_hidden'), repr(counter)]\n"
    )
    libraries = {
        "counter": "count = 0\n_hidden = 1\nprint('loaded')\n\ndef step():\n    global count\n    count += _hidden\n",
        "other": "from shared import counter\n\ndef twice():\n    counter.step()\n    counter.step()\n",
        "unused": "def broken(:\n",
    }
    ended = language.run(source, shared=libraries)

    assert ended.end == 'returned [3, true, "<shared library counter>"]'
    assert ended.logged == ["loaded"]


def test_a_library_is_read_only_from_outside(language):
    ended = language.run("from shared import lib\n\ndef main():\n    lib.x = 2\n", shared={"lib": "x = 1\n"})

    assert ended.end == "faulted AttributeError: <shared library lib> is read-only"


def test_what_is_wrong_with_libraries_is_said_with_the_scripts_own_problems(language):
    ended = language.compile(
        "from shared import a, serviceniw\n\ndef main():\n    return opn()\n",
        shared={
            "a": "from shared import b\nx = eval('1')\n",
            "b": "from shared import a\n",
            "servicenow": "y = 1\n",
        },
    )

    assert ended.end == (
        "rejected 1:23 SHARED_UNKNOWN; 4:12 NAME_UNKNOWN; shared/a.py:2:5 NAME_NOT_ALLOWED; shared/b.py:1:1 SHARED_CYCLE"
    )
    messages = [each["message"] for each in ended.frame["diagnostics"]]
    assert (
        messages[0]
        == 'the plan has no shared library "serviceniw". Did you mean "servicenow"? Libraries: a, b, servicenow.'
    )
    assert messages[3] == "shared libraries import each other: a imports b imports a"


def test_a_library_needs_no_main_and_only_what_is_used_is_compiled(language):
    ended = language.compile(
        "from shared import a\n\ndef main():\n    pass\n", shared={"a": "x = 1\n", "b": "(\n"}
    )

    assert list(ended.frame["shared"]) == ["a"]
