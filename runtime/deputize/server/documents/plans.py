"""Plans and forms."""

from typing import Annotated

from pydantic import Field

from deputize.domain.plan import StartWay
from deputize.server.documents.document import Document, Sent, SentChange
from deputize.use_cases.access import NamedAccess
from deputize.use_cases.change_form import FormChange
from deputize.use_cases.change_plan import UNCHANGED, PlanChange
from deputize.use_cases.see_plans import SeenForm, SeenPlan


class AccessDocument(Document):
    """Who has access: everybody, or the holders of roles and single users."""

    everybody: bool
    roles: list[str]
    users: list[str]

    @classmethod
    def of(cls, access: NamedAccess) -> "AccessDocument":
        """Return the document of *access*."""
        return cls(everybody=access.everybody, roles=list(access.roles), users=list(access.users))


class SentAccess(Sent):
    """Who is to have access."""

    everybody: bool = False
    roles: list[str] = Field(default_factory=list, max_length=1000)
    users: list[str] = Field(default_factory=list, max_length=1000)

    def named(self) -> NamedAccess:
        """Return it as use cases take it."""
        return NamedAccess(everybody=self.everybody, roles=self.roles, users=self.users)


class PlanDocument(Document):
    """A plan."""

    id: str
    name: str
    enabled: bool
    access: AccessDocument
    requests_per_minute: int | None
    """Inbound requests that are accepted in a minute; null sets no limit."""

    @classmethod
    def of(cls, seen: SeenPlan) -> "PlanDocument":
        """Return the document of a plan."""
        plan = seen.plan
        return cls(
            id=plan.id,
            name=plan.name,
            enabled=plan.enabled,
            access=AccessDocument.of(seen.access),
            requests_per_minute=plan.requests_per_minute,
        )


class Plans(Document):
    """Plans, by name."""

    data: list[PlanDocument]


class SentPlan(SentChange):
    """What is to change of a plan; what is left out stays."""

    access: SentAccess = SentAccess()
    enabled: bool = True
    requests_per_minute: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    """Null sets no limit."""

    def change(self) -> PlanChange:
        """Return it as use cases take it."""
        given = self.model_fields_set
        return PlanChange(
            access=self.access.named() if "access" in given else None,
            enabled=self.enabled if "enabled" in given else None,
            requests_per_minute=self.requests_per_minute if "requests_per_minute" in given else UNCHANGED,
        )


class FormDocument(Document):
    """A form."""

    id: str
    name: str
    plan_id: str
    plan: str
    """The name of its plan."""
    senders: AccessDocument
    start: list[StartWay]
    """The ways in which it may be started."""
    response_options: list[str]

    @classmethod
    def of(cls, seen: SeenForm) -> "FormDocument":
        """Return the document of a form."""
        form = seen.form
        return cls(
            id=form.id,
            name=form.name,
            plan_id=form.plan_id,
            plan=seen.plan,
            senders=AccessDocument.of(seen.senders),
            start=sorted(form.start),
            response_options=list(form.response_options),
        )


class Forms(Document):
    """Forms, by name."""

    data: list[FormDocument]


class SentForm(SentChange):
    """What is to change of a form; what is left out stays."""

    senders: SentAccess = SentAccess()
    start: list[StartWay] = Field(default_factory=list)

    def change(self) -> FormChange:
        """Return it as use cases take it."""
        given = self.model_fields_set
        return FormChange(
            senders=self.senders.named() if "senders" in given else None,
            start=frozenset(self.start) if "start" in given else None,
        )
