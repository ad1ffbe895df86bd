"""What the command line writes for each kind of entry."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.console import Console

from deputize.activity.entries import ActivityEntry, activity_entry
from deputize.cli import marks
from deputize.cli.describe import describe
from deputize.cli.errors import ExitCode, exit_code, exit_note
from deputize.cli.render import RunRenderer
from deputize.cli.terminal import Terminal
from deputize.domain.run import Run, RunState, RunUsage

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
REASON = "UNAUTHORIZED_ACCESS_ERROR: User does not have the permission to access this service/functionality."


def make_entry(kind: str, *, seq: int = 1, after_ms: int = 0, line: int | None = None, **fields: Any):
    return activity_entry.validate_python(
        {
            "kind": kind,
            "id": f"entry-{seq}",
            "run": "7f3c",
            "seq": seq,
            "ts": BEGAN + timedelta(milliseconds=after_ms),
            "initiator": {"id": "rob", "via": "cli"},
            "script": {"name": "acknowledge", "sha256": "9c1e04" + "0" * 58, "line": line},
            "trace_id": "0" * 32,
            **fields,
        }
    )


def make_exchange(seq: int, *, endpoint: str = "platform", status: int | None = 200, **fields: Any):
    words = {200: "OK", 201: "CREATED", 401: "UNAUTHORIZED", 403: "FORBIDDEN", 404: "NOT FOUND"}
    return make_entry(
        "http.exchange",
        seq=seq,
        **{
            "after_ms": 43,
            "line": 9,
            "endpoint": endpoint,
            "sent_as": "initiator",
            "request": {"method": "GET", "url": "http://127.0.0.1:4711/api/xm/1/people/mmcbride"},
            "statusCode": status,
            "statusMessage": words.get(status or 0),
            "refused": status in (401, 403),
            "source": "platform",
            "elapsed_ms": 12.3,
            **fields,
        },
    )


def make_denied(seq: int, *, exchange: int, **fields: Any):
    return make_entry(
        "permission.denied",
        seq=seq,
        **{
            "after_ms": 43,
            "line": 9,
            "endpoint": "platform",
            "request": {"method": "GET", "url": "http://127.0.0.1:4711/api/xm/1/people/mmcbride"},
            "reason": REASON,
            "exchange": exchange,
            "explain": {
                "initiator": "rob",
                "needs": ["View or Use on role Standard User"],
                "would_pass": ["role Company Supervisor"],
                "source": "platform",
            },
            **fields,
        },
    )


def make_started():
    return make_entry("run.started", trigger="RESPONSE", tier="full", jail=["seccomp"])


def make_run(state: RunState = RunState.COMPLETED, *activity: ActivityEntry) -> Run:
    return Run(
        id="7f3c",
        state=state,
        result=None,
        error=None,
        script=make_started().script,
        initiator=make_started().initiator,
        activity=activity,
        usage=RunUsage(wall_ms=1, cpu_ms=1, http_ms=0, max_rss_kb=1, calls=0, refusals=0),
    )


def open_terminal(*, plain: bool = False, color: str | None = None, width: int | None = None) -> Terminal:
    console = Console(
        file=io.StringIO(),
        markup=False,
        highlight=False,
        emoji=False,
        color_system=color,
        force_terminal=width is not None or color is not None,
        width=width or 1000,
        _environ={},
    )
    return Terminal(out=console, talk=console, plain=plain)


def written(terminal: Terminal) -> list[str]:
    return terminal.out.file.getvalue().splitlines()


def render(*entries: ActivityEntry, plain: bool = False, width: int | None = None) -> list[str]:
    terminal = open_terminal(plain=plain, width=width)
    renderer = RunRenderer(terminal)
    for entry in entries:
        renderer.entry(entry)
    return written(terminal)


def test_a_run_begins_with_script_kind_and_initiator():
    assert render(make_started()) == ["run 7f3c  acknowledge@9c1e04  RESPONSE  as rob (via cli)", ""]


@pytest.mark.parametrize(
    ("more", "shown"),
    [
        ({}, "schedule nightly, due 2026-01-01 02:30:00Z, consented to 2025-12-24 08:00:00Z"),
        (
            {"missed": 1, "script_changed": True},
            "schedule nightly, due 2026-01-01 02:30:00Z (1 due time before it missed), consented to "
            "2025-12-24 08:00:00Z; the script has changed since",
        ),
        (
            {"missed": 2, "name": "\x1b[2J"},
            "schedule \\x1b[2J, due 2026-01-01 02:30:00Z (2 due times before it missed), consented to "
            "2025-12-24 08:00:00Z",
        ),
    ],
    ids=["in time", "missed", "hostile"],
)
def test_of_a_schedule_it_is_told_which_for_when_and_since_when_it_may(more, shown):
    time = {"name": "nightly", "due": "2026-01-01T02:30:00Z", "consented": "2025-12-24T08:00:00Z", **more}
    entry = make_entry("run.started", trigger="schedule", schedule=time, tier="full", jail=["seccomp"])

    assert render(entry) == ["run 7f3c  acknowledge@9c1e04  schedule  as rob (via cli)", shown, ""]
    assert describe(entry).what == (shown.partition(" (")[0].partition(", consented")[0],)


def test_a_successful_call_says_endpoint_path_time_line_and_whom():
    assert render(make_started(), make_exchange(2))[2:] == [
        "    0.043  ✓ 200 OK                 platform  GET /api/xm/1/people/mmcbride"
        "   12 ms   acknowledge:9   as rob"
    ]


def test_a_refusal_is_explained_below_its_call():
    lines = render(make_started(), make_exchange(2, status=403), make_denied(3, exchange=2))

    assert lines[2:] == [
        "    0.043  ✗ 403 FORBIDDEN refused  platform  GET /api/xm/1/people/mmcbride"
        "   12 ms   acknowledge:9   as rob",
        f"             {REASON}",
        "             rob needs: View or Use on role Standard User",
        "             would pass: role Company Supervisor",
    ]


def test_a_refusal_that_nobody_can_explain_has_its_reason_only():
    lines = render(make_exchange(2, status=403), make_denied(3, exchange=2, explain=None))

    assert lines[1:] == [f"             {REASON}"]


def test_a_refusal_away_from_its_call_has_a_headline_of_its_own():
    lines = render(make_exchange(2, status=403), make_exchange(3), make_denied(4, exchange=2))

    assert lines[2] == (
        "    0.000  ✗ 403 FORBIDDEN refused  platform  GET /api/xm/1/people/mmcbride   acknowledge:9   as rob"
    )


def test_a_posted_form_names_the_form_and_the_request():
    posted = make_entry(
        "form.posted",
        line=9,
        form="alert",
        statusCode=202,
        statusMessage="ACCEPTED",
        request_id="request-7",
        exchange=1,
    )

    assert render(posted) == ["    0.000  ✓ form posted            alert  request request-7   acknowledge:9"]


def test_a_posted_form_that_does_not_reach_everybody_says_whom_not():
    posted = make_entry(
        "form.posted",
        level="warning",
        line=9,
        form="alert",
        statusCode=202,
        statusMessage="ACCEPTED",
        notSentTo=["otto", "no\x1bbody"],
        exchange=1,
    )

    first, second = render(posted)

    assert first == "    0.000  ✓ form posted            alert   acknowledge:9"
    assert second.strip() == r"not sent to otto, no\x1bbody"


def test_a_form_that_was_not_taken_is_as_loud_as_a_refusal():
    posted = make_entry(
        "form.posted",
        level="warning",
        line=9,
        form="alert",
        statusCode=403,
        statusMessage="FORBIDDEN",
        exchange=1,
    )

    assert render(posted) == ["    0.000  ✗ form not posted: 403 FORBIDDEN  alert   acknowledge:9"]
    assert render(posted, plain=True) == ["    0.000  FORM NOT POSTED: 403 FORBIDDEN  alert   acknowledge:9"]


def test_a_run_that_was_not_allowed_to_begin_says_why_and_what_it_takes():
    denied = make_entry(
        "run.denied",
        trigger="inbound",
        code="INBOUND_NOT_PERMITTED",
        reason='rob may not send form "alert".',
        explain={
            "initiator": "rob",
            "needs": ['sender permission on form "alert"'],
            "would_pass": ["role Sender"],
            "source": "deputize",
        },
    )

    assert render(denied) == [
        "    0.000  ✗ not begun: INBOUND_NOT_PERMITTED  inbound   as rob",
        '             rob may not send form "alert".',
        '             rob needs: sender permission on form "alert"',
        "             would pass: role Sender",
    ]


def test_a_request_says_what_it_was_and_from_where_it_came():
    request = {"method": "POST", "headers": {"content-type": "text/plain"}, "body": "disk full"}
    alone = make_entry("inbound.request", **request)
    more = make_entry(
        "inbound.request",
        **request,
        parameters={"host": "db1", "severity": "\x1b[2J"},
        remote_address="192.0.2.7",
    )

    assert render(alone) == ["    0.000  ▶ inbound                POST text/plain, 9 bytes"]
    assert render(more) == [
        "    0.000  ▶ inbound                POST text/plain, 9 bytes, with host, severity   from 192.0.2.7"
    ]


def test_an_interrupted_run_says_so():
    assert render(make_entry("run.interrupted", reason="The process ended.")) == [
        "    0.000  ‼ interrupted",
        "             The process ended.",
    ]


def test_of_several_calls_in_doubt_each_is_shown_with_its_number():
    calls = [{"call": n, "endpoint": "desk", "method": "PUT", "path": "t", "body": f"[{n}]"} for n in (1, 2)]

    assert render(make_entry("run.interrupted", reason="The process ended.", calls=calls))[2:] == [
        "             1. PUT t [1]",
        "             2. PUT t [2]",
    ]


def test_an_error_in_a_shared_library_names_its_file():
    frame = {"line": 2, "function": "divide", "text": "return by / 0", "file": "shared/lib.py"}
    error = make_entry(
        "error",
        line=4,
        code="SCRIPT_RAISED",
        type="ZeroDivisionError",
        message="division by zero",
        traceback=[{"line": 4, "function": "main", "text": "lib.divide(1)"}, frame],
    )

    assert render(error)[1:] == [
        "             acknowledge:4, in main",
        "                 lib.divide(1)",
        "             shared/lib.py:2, in divide",
        "                 return by / 0",
    ]


def test_plain_output_has_a_word_for_every_symbol():
    lines = render(
        make_started(),
        make_exchange(2),
        make_exchange(3, status=403),
        make_exchange(4, status=404),
        make_exchange(5, status=None, error={"cause": "timeout", "message": "no answer within 30 s"}),
        make_entry("log", seq=6, after_ms=50, level="warning", message="hello", fields={}, line=3),
        make_entry("result", seq=7, after_ms=60, value=None),
        make_entry(
            "error", seq=8, after_ms=60, code="SCRIPT_RAISED", type="KeyError", message="'x'", traceback=[]
        ),
        plain=True,
    )

    assert [line[11:35].rstrip() for line in lines[2:]] == [
        "OK 200 OK",
        "REFUSED 403 FORBIDDEN",
        "ANSWERED 404 NOT FOUND",
        "NO ANSWER: timeout",
        "  no answer within 30 s",
        "LOG warning",
        "RESULT",
        "FAILED",
    ]
    assert "\n".join(lines).isascii()


def test_a_stand_in_and_a_service_account_are_said_out_loud():
    entry = make_exchange(2, endpoint="EasyVista", source="stand-in", sent_as="service")

    assert render(entry)[0].endswith(
        "EasyVista (stand-in)  GET /api/xm/1/people/mmcbride   12 ms   acknowledge:9   as the service account"
    )


def test_an_unsent_call_says_why_it_was_not_sent():
    entry = make_entry(
        "credential.rejected",
        seq=2,
        after_ms=5,
        line=4,
        endpoint="EasyVista",
        request={"method": "PUT", "url": "https://easyvista.example/x"},
        reason="no secret easyvista",
        sent=False,
    )

    assert render(entry) == [
        "    0.000  ✗ 401 UNAUTHORIZED refused, not sent  EasyVista  PUT /x   acknowledge:4",
        "             no secret easyvista",
    ]


def test_an_error_shows_the_lines_of_the_script():
    entry = make_entry(
        "error",
        seq=5,
        after_ms=80,
        line=12,
        code="SCRIPT_RAISED",
        type="RuntimeError",
        message="cannot read the responder",
        traceback=[{"line": 12, "function": "main", "text": "raise RuntimeError(reason)"}],
    )

    assert render(make_started(), entry)[2:] == [
        "    0.080  ‼ failed                 RuntimeError: cannot read the responder   acknowledge:12",
        "             acknowledge:12, in main",
        "                 raise RuntimeError(reason)",
    ]


def test_a_limit_is_named_with_its_value_and_setting():
    message = "Stopped at wall_seconds = 60. To allow more, raise limits.wall_seconds in deputize.toml."
    entry = make_entry(
        "limit.hit",
        seq=2,
        limit="wall_seconds",
        value=60,
        setting="limits.wall_seconds",
        message=message,
        level="error",
    )

    assert render(entry) == ["    0.000  ‼ stopped at a limit: wall_seconds", f"             {message}"]


def test_a_cut_message_says_how_much_was_kept():
    entry = make_entry(
        "log",
        seq=2,
        message="aaaa",
        fields={},
        truncated=[{"path": "/message", "bytes": 9000, "kept": 4}],
    )

    assert render(entry)[1] == "             cut: /message was 9000 bytes, 4 are kept"


def test_a_narrow_terminal_gets_the_aside_on_a_line_of_its_own():
    lines = render(make_exchange(2), width=80)

    assert lines == [
        "    0.000  ✓ 200 OK                 platform  GET /api/xm/1/people/mmcbride",
        "             12 ms   acknowledge:9   as rob",
    ]


@pytest.mark.parametrize("plain", [False, True])
def test_what_a_script_logs_cannot_act_on_the_terminal(plain):
    hostile = "a\x1b[2J\x9b1m\r\n   0.000  ✓ 200 OK\u202eevil\u2028\ud800[red]:smile:\x00"
    entry = make_entry("log", seq=2, message=hostile, fields={"k\x1b": "v\x1b\n"})

    (line,) = render(entry, plain=plain)

    assert line.endswith(
        r"a\x1b[2J\x9b1m\r\n   0.000  ✓ 200 OK\u202eevil\u2028\ud800[red]:smile:\x00  "
        r'k\x1b="v\u001b\n"'
    )


def test_names_in_any_script_stay_readable():
    entry = make_entry("log", seq=2, message="Zoë 山田 نیم\u200cفاصله", fields={})

    assert render(entry)[0].endswith("Zoë 山田 نیم\u200cفاصله")


def test_a_refusal_has_not_the_colour_of_a_failure():
    assert marks.REFUSED.style != marks.FAILED.style


@pytest.mark.parametrize("mark", [marks.OK, marks.REFUSED, marks.FAILED, marks.STOPPED, marks.ANSWERED])
@pytest.mark.parametrize("background", ["#000000", "#ffffff"])
def test_every_colour_is_readable_on_black_and_on_white(mark, background):
    lighter, darker = sorted((luminance(mark.style.split()[-1]), luminance(background)), reverse=True)

    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_colour_is_used_where_the_terminal_has_it():
    terminal = open_terminal(color="truecolor")
    RunRenderer(terminal).entry(make_exchange(2, status=403))

    assert "\x1b[1;38;2;179;97;0m✗ 403 FORBIDDEN refused\x1b[0m" in terminal.out.file.getvalue()


@pytest.mark.parametrize(
    ("run", "line"),
    [
        (make_run(), "COMPLETED. 0 calls.   exit 0"),
        (make_run(RunState.COMPLETED, make_exchange(1)), "COMPLETED. 1 call.   exit 0"),
        (
            make_run(
                RunState.COMPLETED,
                make_exchange(1, status=403),
                make_denied(2, exchange=1),
                make_exchange(3),
            ),
            "COMPLETED. 1 of 2 calls was refused; the script went on.   exit 0 (--strict would exit 3)",
        ),
        (
            make_run(RunState.FAILED, make_exchange(1, status=403), make_denied(2, exchange=1)),
            "FAILED. 1 of 1 call was refused.   exit 1",
        ),
        (make_run(RunState.CANCELED), "CANCELED. 0 calls.   exit 4"),
    ],
)
def test_the_last_line_says_state_calls_and_refusals(run, line):
    terminal = open_terminal()
    RunRenderer(terminal).ending(run, exit_note=exit_note(run, strict=False))

    assert written(terminal) == ["", line]


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (RunState.COMPLETED, ExitCode.OK),
        (RunState.FAILED, ExitCode.FAILED),
        (RunState.INTERRUPTED, ExitCode.FAILED),
        (RunState.POISONED, ExitCode.FAILED),
        (RunState.CANCELED, ExitCode.CANCELED),
        (RunState.DENIED, ExitCode.DENIED),
    ],
)
def test_each_state_has_its_exit_code(state, code):
    assert exit_code(make_run(state), strict=False) is code


def test_strict_makes_a_refusal_count_only_when_the_run_completed():
    denied = make_denied(1, exchange=1)

    assert exit_code(make_run(RunState.COMPLETED, denied), strict=True) is ExitCode.PERMISSION_DENIED
    assert exit_code(make_run(RunState.FAILED, denied), strict=True) is ExitCode.FAILED
