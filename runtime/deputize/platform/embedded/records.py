"""What the embedded platform keeps, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from deputize.platform.embedded.permissions import Holder


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person with their roles."""

    id: str
    target_name: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    language: str = "en"
    timezone: str = "UTC"
    status: str = "ACTIVE"
    roles: frozenset[str] = frozenset()

    @property
    def active(self) -> bool:
        """Whether anything may be done in this person's name."""
        return self.status == "ACTIVE"

    @property
    def display_name(self) -> str:
        """First and last name, or the user's name where there is neither."""
        return f"{self.first_name} {self.last_name}".strip() or self.target_name

    @property
    def holder(self) -> Holder:
        """The person as permissions see them."""
        return Holder(id=self.id, name=self.target_name, roles=self.roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event; the submitter is whoever initiated it."""

    id: str
    #: Decimal digits: the ``eventId`` of the REST API.
    number: str
    submitter_id: str
    submitter_name: str
    status: str
    form: str
    created: datetime
    properties: Mapping[str, JsonValue]
    recipients: tuple[str, ...]

    @property
    def submitter(self) -> Holder:
        """The submitter as permissions see them; roles do not count here."""
        return Holder(id=self.submitter_id, name=self.submitter_name, roles=frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """A comment on an event."""

    id: str
    author_id: str
    author_name: str
    comment: str
    created: datetime
