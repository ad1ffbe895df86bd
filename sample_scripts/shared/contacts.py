"""What is said of a Salesforce contact when it has been synced."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from deputize.script import Clock, Constants

FIELDS = ("ID", "FirstName", "LastName", "Username", "MobilePhone", "HomePhone", "Email", "Department")


def properties(contact: dict[str, Any], what: str, clock: Clock, constants: Constants) -> dict[str, Any]:
    """Return the properties of the form: the contact's fields, *what* was done, and when."""
    now = clock.now().astimezone(ZoneInfo(constants["Time Zone"]))
    return {**{name: contact.get(name) or "" for name in FIELDS}, "Type": what, "time": shown(now)}


def shown(moment: datetime) -> str:
    """Return *moment* as ``May 03rd 2018, 02:05:09 pm``."""
    day = moment.day
    ending = "th" if day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{moment:%B %d}{ending} {moment:%Y, %I:%M:%S} {moment:%p}".replace("AM", "am").replace("PM", "pm")
