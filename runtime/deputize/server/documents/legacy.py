"""On what terms the legacy integrations of a plan go on."""

from dataclasses import asdict
from datetime import datetime

from pydantic import Field

from deputize.server.documents.document import Document, Sent
from deputize.use_cases.see_legacy import LegacyWarningCode, SeenTerms


class LegacyWarningDocument(Document):
    """Something to know about legacy terms."""

    code: LegacyWarningCode
    detail: str


class LegacyIntegrationDocument(Document):
    """An integration that is still legacy."""

    id: str
    name: str
    enabled: bool


class LegacyDocument(Document):
    """The legacy terms of a plan, without the password of its pair."""

    plan_id: str
    plan: str
    """The name of the plan."""
    authenticated: bool | None
    """Whether callers need the pair; false: everybody may call. Null: no terms were brought in."""
    pair: str | None
    """The name of the pair; null where there is none."""
    owner: str | None
    """As whom the scripts call the platform; null for nobody, whose calls are refused."""
    imported: datetime | None
    left: list[LegacyIntegrationDocument]
    """The plan's integrations that are still legacy, by name."""
    warnings: list[LegacyWarningDocument]

    @classmethod
    def of(cls, seen: SeenTerms) -> "LegacyDocument":
        """Return the document of the terms of a plan."""
        terms = seen.terms
        return cls(
            plan_id=seen.plan.id,
            plan=seen.plan.name,
            authenticated=None if terms is None else terms.authenticated,
            pair=None if terms is None else terms.name,
            owner=None if seen.owner is None else seen.owner.target_name,
            imported=None if terms is None else terms.imported,
            left=[
                LegacyIntegrationDocument(id=each.id, name=each.name, enabled=each.enabled)
                for each in seen.left
            ],
            warnings=[LegacyWarningDocument(**asdict(each)) for each in seen.warnings],
        )


class SentOwner(Sent):
    """As whom the scripts of a plan's legacy integrations are to call the platform."""

    owner: str | None
    """The name of an active user; null for nobody."""


class SentPair(Sent):
    """The name and password that are to open the legacy integrations of a plan."""

    name: str
    password: str = Field(repr=False)
