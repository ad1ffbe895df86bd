"""Tells what would refuse those who set integrations off: plan access, sender permission, sight of others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from pydantic import JsonValue

from deputize.authorisation import decide_plan, decide_trigger
from deputize.domain.decision import Denial
from deputize.domain.integration import Integration
from deputize.domain.person import Person
from deputize.domain.plan import Access, Form, Plan
from deputize.domain.standing import Standing
from deputize.script_review.path_review import PeopleRead
from deputize.use_cases.access import access_json
from deputize.use_cases.migration.findings import Certainty, Finding, patch_command

_CERTAIN: Final[Certainty] = "certain"
_LIKELY: Final[Certainty] = "likely"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """An integration with what its review needs."""

    integration: Integration
    plan: Plan
    form: Form | None

    @property
    def where(self) -> str:
        """``PLAN/NAME``."""
        return f"{self.plan.name}/{self.integration.name}"


def review_access(reviewed: Reviewed, standing: Standing, names: dict[str, str]) -> Finding | None:
    """Return what would refuse *standing*, who is to set the integration off; None where nothing would."""
    plan, form = reviewed.plan, reviewed.form
    decision = decide_plan(standing, plan, names=names)
    if isinstance(decision, Denial):
        return Finding(
            code="ACCESS",
            integration_id=reviewed.integration.id,
            integration=reviewed.where,
            user=standing.name,
            message=decision.reason,
            advice=f"Needed: {'; '.join(decision.needs)}.",
            command=_access_command(standing, plan, names),
        )
    decision = decide_trigger(standing, plan, form, reviewed.integration, names=names)
    if not isinstance(decision, Denial):
        return None
    return Finding(
        code="SENDER",
        integration_id=reviewed.integration.id,
        integration=reviewed.where,
        user=standing.name,
        message=decision.reason,
        advice=f"Needed: {'; '.join(decision.needs)}.",
        command=None
        if form is None
        else patch_command(f"/api/v1/forms/{form.id}", {"senders": _with(form.senders, standing, names)}),
    )


def _access_command(standing: Standing, plan: Plan, names: dict[str, str]) -> str:
    if not standing.active:
        return patch_command(f"/api/v1/users/{standing.name}", {"status": "ACTIVE"})
    if not plan.access.admits(standing):
        return patch_command(f"/api/v1/plans/{plan.id}", {"access": _with(plan.access, standing, names)})
    return patch_command(f"/api/v1/plans/{plan.id}", {"enabled": True})


def _with(access: Access, standing: Standing, names: dict[str, str]) -> JsonValue:
    """Return *access* as the API takes it, with *standing* in it."""
    return access_json(replace(access, people=access.people | {standing.subject}), names)


def review_reads(
    reviewed: Reviewed, read: PeopleRead, *, user: Person, unseen: Sequence[Person]
) -> Finding | None:
    """Return that *user* would not see *unseen*, whom *read* may be about; None where there is nobody."""
    if not unseen:
        return None
    if read.key is not None:
        seen = f"reads {read.key}, whom {user.target_name} may not see: the call would be refused"
    elif read.listed:
        seen = (
            f"lists people, and {_counted(unseen)} would be left out of it for {user.target_name}: "
            "no error says so"
        )
    else:
        seen = f"reads people, and {user.target_name} would be refused {_counted(unseen)}"
    roles = sorted({role for each in unseen for role in each.roles})
    rights = ", ".join(f'"{role}" = ["View"]' for role in roles or ["*"])
    own = sorted(user.roles)
    return Finding(
        code="READS_OTHERS",
        certainty=_CERTAIN if read.key is not None or read.listed else _LIKELY,
        integration_id=reviewed.integration.id,
        integration=reviewed.where,
        user=user.target_name,
        line=read.line,
        count=len(unseen),
        message=f"Line {read.line} {seen}.",
        advice="If the script is to see them, give a role that "
        + (f"{user.target_name} has ({', '.join(own)})" if own else f"{user.target_name} gets")
        + " the right View on theirs: on = { "
        + rights
        + " } of that role in deputize.toml.",
    )


def _counted(people: Sequence[Person]) -> str:
    """Return how many *people* there are, and of which roles."""
    roles = sorted({role for each in people for role in each.roles})
    of = f" with the role {' or '.join(roles)}" if roles else " without a role"
    return f"{len(people)} active {'person' if len(people) == 1 else 'people'}{of}"
