"""The states of a run as they are shown: a sign, a word and a colour."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from deputize.domain.run import RunState

#: What colour it has: refused is not failed, and does not look like it.
Tone = Literal["good", "refused", "failed", "busy", "plain"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """How one state is shown."""

    word: str
    tone: Tone
    #: The name of its sign among the icons.
    sign: str


STATES: Final[Mapping[RunState, Shown]] = {
    RunState.QUEUED: Shown(word="Queued", tone="plain", sign="clock"),
    RunState.RUNNING: Shown(word="Running", tone="busy", sign="play"),
    RunState.COMPLETED: Shown(word="Completed", tone="good", sign="check"),
    RunState.FAILED: Shown(word="Failed", tone="failed", sign="alarm"),
    RunState.CANCELED: Shown(word="Canceled", tone="failed", sign="stop"),
    RunState.INTERRUPTED: Shown(word="Interrupted", tone="failed", sign="broken"),
    RunState.POISONED: Shown(word="Poisoned", tone="failed", sign="alarm"),
    RunState.DENIED: Shown(word="Denied", tone="refused", sign="cross"),
}
