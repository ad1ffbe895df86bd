"""The runs of an integration by the hour, as a row of small bars."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from deputize.store.figures import HourOfRuns

#: The height of the picture, and the width of an hour in it.
HEIGHT: Final = 40
STEP: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One hour: how high all of it is, and of that the part in which something was refused."""

    hour: HourOfRuns
    x: int
    whole: float
    refused: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sparkline:
    """The hours, and what they come to."""

    bars: Sequence[Bar]
    width: int
    runs: int
    refused: int
    failed: int


def sparkline(hours: Sequence[HourOfRuns]) -> Sparkline:
    """Return the bars of *hours*; the highest one is as high as the picture."""
    most = max((each.runs for each in hours), default=0) or 1
    return Sparkline(
        bars=[
            Bar(
                hour=each,
                x=number * STEP,
                whole=round(HEIGHT * each.runs / most, 2),
                refused=round(HEIGHT * each.refused / most, 2),
            )
            for number, each in enumerate(hours)
        ],
        width=len(hours) * STEP,
        runs=sum(each.runs for each in hours),
        refused=sum(each.refused for each in hours),
        failed=sum(each.failed for each in hours),
    )
