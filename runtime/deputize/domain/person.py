"""A person on the embedded platform, and what a role allows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person with their roles."""

    #: Never given twice: whoever takes a deleted person's name is somebody else.
    id: str
    target_name: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    language: str = "en"
    timezone: str = "UTC"
    status: str = "ACTIVE"
    roles: frozenset[str] = frozenset()
    #: Whether name and address are as the project, the person or who administers people has set them. Only
    #: then are other systems, which know people by these alone, believed about who somebody is.
    vouched: bool = True

    @property
    def active(self) -> bool:
        """Whether anything may be done in this person's name."""
        return self.status == "ACTIVE"

    @property
    def display_name(self) -> str:
        """First and last name, or the user's name where there is neither."""
        return f"{self.first_name} {self.last_name}".strip() or self.target_name


#: In place of a role's name: the holders of every role, and of none.
EVERYBODY: Final = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What the holders of a role may do."""

    name: str
    functions: frozenset[str] = frozenset()
    #: Rights (View, Use, Edit, Delete, Assign) on the holders of a role; ``*`` is everybody.
    on: Mapping[str, frozenset[str]] = field(default_factory=dict)
