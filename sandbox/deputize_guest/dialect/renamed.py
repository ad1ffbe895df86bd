"""Gives a function of ours the name that scripts know it by: it stands in the interpreter's messages."""

from collections.abc import Mapping
from types import FunctionType
from typing import Any


def renamed(members: Mapping[str, Any]) -> dict[str, Any]:
    """Return *members*, whose functions bear the names under which they stand."""
    for name, member in members.items():
        if type(member) is FunctionType and member.__module__.startswith("deputize_guest."):
            member.__name__ = member.__qualname__ = name
    return dict(members)
