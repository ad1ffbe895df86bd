"""The due time of a schedule that set a script off."""

from collections.abc import Mapping
from typing import Any

from deputize_guest.api.api_object import ApiObject
from deputize_guest.script_time import datetime


class Schedule(ApiObject):
    """Which schedule it was, and for when. Read-only."""

    __slots__ = ("_due", "_missed", "_name")

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._name: str = fields["name"]
        self._due = datetime.fromisoformat(fields["due"])
        self._missed: int = fields["missed"]

    @property
    def name(self) -> str:
        """The schedule's name."""
        return self._name

    @property
    def due(self) -> datetime:
        """The time that it was due at, in UTC; the script may begin later."""
        return self._due

    @property
    def missed(self) -> int:
        """How many due times before this one had no run, because nothing was there to work."""
        return self._missed

    def __repr__(self) -> str:
        return f"<Schedule {self._name} due {self._due.isoformat()}>"
