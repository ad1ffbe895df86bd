"""People, and who one is."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from deputize.domain.standing import Standing
from deputize.server.documents.document import Document, Sent, SentChange
from deputize.use_cases.change_user import UserChange
from deputize.use_cases.see_users import SeenUser


class UserDocument(Document):
    """A person on the platform."""

    id: str
    name: str
    display_name: str
    status: Literal["ACTIVE", "INACTIVE"]
    roles: list[str]
    functions: list[str]
    """What the roles allow, together."""
    password_changed: datetime | None
    """Null: there is no password."""
    password_expires: datetime | None
    """Null: it does not expire."""

    @classmethod
    def of(cls, seen: SeenUser) -> "UserDocument":
        """Return the document of a person."""
        person = seen.person
        return cls(
            id=person.id,
            name=person.target_name,
            display_name=person.display_name,
            status="ACTIVE" if person.active else "INACTIVE",
            roles=sorted(person.roles),
            functions=sorted(seen.functions),
            password_changed=seen.password_changed,
            password_expires=seen.password_expires,
        )


class Users(Document):
    """People, by name."""

    data: list[UserDocument]


class SentUser(SentChange):
    """What is to change of a person; what is left out stays."""

    roles: list[str] = Field(default_factory=list, max_length=100)
    status: Literal["ACTIVE", "INACTIVE"] = "ACTIVE"

    def change(self) -> UserChange:
        """Return it as use cases take it."""
        given = self.model_fields_set
        return UserChange(
            roles=self.roles if "roles" in given else None,
            status=self.status if "status" in given else None,
        )


class SentPassword(Sent):
    """A new password."""

    password: str = Field(repr=False, min_length=8, max_length=1024)


class MeDocument(UserDocument):
    """Who one is."""

    @classmethod
    def seen(cls, standing: Standing, seen: SeenUser) -> "MeDocument":
        """Return the document of the caller."""
        return cls(**{**dict(UserDocument.of(seen)), "functions": sorted(standing.functions)})
