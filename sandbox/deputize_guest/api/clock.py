"""The run's clock."""

import math
from typing import Any, cast

from deputize_guest.api.api_object import ApiObject
from deputize_guest.api.channel import Channel
from deputize_guest.script_time import datetime


class Clock(ApiObject):
    """The time of the host, which a replay gives again."""

    __slots__ = ("_channel",)

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def now(self) -> datetime:
        """Return the present moment, with its time zone (UTC)."""
        answer = cast("Any", self._channel.ask("clock", "now", {}))
        return datetime.fromisoformat(answer["iso"])

    def sleep(self, seconds: float) -> None:
        """Wait for *seconds*; they count into the run's wall limit.

        Raises TypeError for what is no number, ValueError for a negative one.
        """
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise TypeError(f"seconds must be a number, not {type(seconds).__name__}")
        if not (math.isfinite(seconds) and seconds >= 0):
            raise ValueError(f"seconds must be 0 or more, not {seconds}")
        self._channel.ask("clock", "sleep", {"seconds": float(seconds)})

    def __repr__(self) -> str:
        return "<Clock>"
