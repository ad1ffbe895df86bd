"""Entries as the database has them, read for people."""

from collections.abc import Mapping

from pydantic import JsonValue, ValidationError

from deputize.activity.entries import ActivityEntry, activity_entry
from deputize.cli.describe import Description
from deputize.cli.escape import to_json, visible
from deputize.cli.marks import LOG


def read_entry(document: Mapping[str, JsonValue]) -> ActivityEntry | None:
    """Return the entry of *document*; None for one that another version wrote and this one cannot read."""
    try:
        return activity_entry.validate_python(document)
    except ValidationError:
        return None


def describe_unread(document: Mapping[str, JsonValue]) -> Description:
    """Return what is said of an entry that this version cannot read: all that there is."""
    kind = visible(str(document["kind"]))
    return Description(mark=LOG, label=kind, words=kind.upper(), what=(to_json(dict(document)),))
