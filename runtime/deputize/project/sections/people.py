"""``[users]``, ``[roles]`` and ``[[events]]``: what the embedded platform begins with."""

from typing import Literal

from pydantic import Field

from deputize.project.sections.section import Section

Right = Literal["View", "Use", "Edit", "Delete", "Assign"]
_EVENT_ID = r"^([1-9][0-9]{0,17}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$"
EventStatus = Literal["ACTIVE", "SUSPENDED", "TERMINATED"]


class UserSection(Section):
    """``[users.NAME]``: a person on the embedded platform."""

    roles: tuple[str, ...] = ()
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    language: str = "en"
    timezone: str = "UTC"
    status: Literal["ACTIVE", "INACTIVE"] = "ACTIVE"


class RoleSection(Section):
    """``[roles.NAME]``: what its holders may do, and to holders of which roles.

    What is left out is that of the built-in role of this name, or nothing where there is none.
    """

    functions: tuple[str, ...] | None = None
    on: dict[str, tuple[Right, ...]] | None = None
    """Rights on people by their role; ``"*"`` stands for every role."""


class EventSection(Section):
    """``[[events]]``: an event that the embedded platform already has."""

    id: str = Field(pattern=_EVENT_ID)
    """Its number, or its UUID; the other one is made."""
    initiator: str
    status: EventStatus = "ACTIVE"
    form: str = ""
    """The name of a form, with its plan: ``incidents/alert``; or of none."""
    properties: dict[str, str | int | float | bool | list[str]] = Field(default_factory=dict)
    recipients: tuple[str, ...] = ()
