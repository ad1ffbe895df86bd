"""The due time of a schedule, as the streams of its runs have it."""

from datetime import datetime

from deputize.activity.model import Model


class ScheduledTime(Model):
    """The due time of a schedule, which set a run off."""

    name: str
    """The schedule's, within its integration."""
    due: datetime
    missed: int = 0
    """Due times before this one at which nothing was there to work, and which have no runs; 1000 at most."""
    consented: datetime
    """When the initiator consented to the schedule."""
    script_changed: bool = False
    """The script is another one than it was at the consent."""
