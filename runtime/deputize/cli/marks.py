"""The symbols and colours of the command line; each stands beside a word that says the same."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A symbol and its colour. The colours keep 4.5:1 on black and on white."""

    symbol: str
    style: str


OK = Mark(symbol="✓", style="#008a00")
#: Orange, because a refusal is an answer; red is kept for what failed.
REFUSED = Mark(symbol="✗", style="bold #b36100")
FAILED = Mark(symbol="‼", style="bold #ee0000")
STOPPED = Mark(symbol="‼", style="bold #ee0000")
ANSWERED = Mark(symbol="!", style="#8f7300")
START = Mark(symbol="▶", style="bold")
LOG = Mark(symbol="·", style="")
RESULT = Mark(symbol="=", style="bold")
DONE = Mark(symbol="■", style="bold")
ABSENT = Mark(symbol="–", style="")
