"""How the command line reads times, and lays out what it lists."""

import io
from datetime import UTC, datetime, timedelta

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from deputize.cli.errors import ExitCode, report
from deputize.cli.marks import OK
from deputize.cli.moment import moment, shown_time
from deputize.cli.table import Cell, write_table
from deputize.cli.terminal import Terminal
from deputize.domain.decision import Denial
from deputize.errors import StoreUnavailable
from deputize.use_cases.errors import NotPermitted

NOW = datetime(2026, 11, 25, 14, 2, tzinfo=UTC)


def terminal(*, width: int | None = None, plain: bool = False) -> Terminal:
    """Return a terminal of that width, or a pipe."""
    out, talk = (
        Console(file=io.StringIO(), width=width, force_terminal=width is not None, color_system=None)
        for _ in range(2)
    )
    return Terminal(out=out, talk=talk, plain=plain)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-11-25", datetime(2026, 11, 25, tzinfo=UTC)),
        ("2026-11-25T14:00", datetime(2026, 11, 25, 14, tzinfo=UTC)),
        (" 2026-11-25T14:00:30.5+02:00 ", datetime(2026, 11, 25, 12, 0, 30, 500_000, tzinfo=UTC)),
        ("90s", NOW - timedelta(seconds=90)),
        ("2h", NOW - timedelta(hours=2)),
        ("1 w", NOW - timedelta(days=7)),
        (None, None),
    ],
)
def test_a_time_is_an_iso_date_or_so_long_ago(text, meant):
    assert moment(text, option="--since", now=NOW) == meant


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2h ago", "-2h", "9999999d", "999999w", "2026-13-01", "0001-01-01T00:00+14:00"]
)
def test_what_is_no_time_is_a_usage_error(text):
    with pytest.raises(typer.BadParameter, match=r"is no time\. Write 2026-11-25"):
        moment(text, option="--since", now=NOW)


@given(st.datetimes(timezones=st.timezones()))
def test_a_time_that_was_shown_is_read_as_the_same_second(then):
    try:
        shown = shown_time(then)
    except OverflowError:
        return

    read = moment(shown, option="--since", now=NOW)
    assert read == then.astimezone(UTC).replace(microsecond=0)


def test_a_table_has_columns_as_wide_as_what_stands_in_them():
    pipe = terminal()

    write_table(pipe, ("Name", "State"), [["日本", Cell(text="fine", mark=OK)], ["a\tb\x1b[2J", "x"]])
    assert pipe.out.file.getvalue() == "Name         State\n日本         ✓ fine\na\\tb\\x1b[2J  x\n"


@pytest.mark.parametrize("width", [79, 90])
def test_where_a_row_has_no_room_each_value_has_a_line(width):
    narrow = terminal(width=width, plain=True)
    rows = [["x" * 60, Cell(text="fine", mark=OK)], ["y", "x" * 60]]

    write_table(narrow, ("Name", "State"), rows)
    assert narrow.out.file.getvalue() == f"Name: {'x' * 60}\nState: fine\n\nName: y\nState: {'x' * 60}\n"


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (
            NotPermitted(Denial(reason="rob may not.", needs=(), would_pass=())),
            ExitCode.DENIED,
            "error[NOT_PERMITTED]: rob may not.\n",
        ),
        (StoreUnavailable("gone."), ExitCode.UNREACHABLE, "error[STORE_UNAVAILABLE]: gone.\n"),
    ],
)
def test_what_may_not_be_done_and_what_does_not_answer_have_exit_codes_of_their_own(error, code, said):
    pipe = terminal()

    assert report(pipe, error, as_json=False) is code
    assert pipe.talk.file.getvalue() == said
