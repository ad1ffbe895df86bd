"""Changes who has access to a plan, whether it is enabled, and how many requests it accepts."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from deputize.authorisation import decide_manage_plan, decide_manage_plans
from deputize.domain.plan import Plan
from deputize.store import Database, Transaction
from deputize.use_cases.access import NamedAccess, access_json, access_of
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize.use_cases.errors import Fault, Invalid, require
from deputize.use_cases.finding import find_plan, names_by_subject


class Unchanged(Enum):
    """Stands for a value that stays, where None is a value."""

    UNCHANGED = "unchanged"


UNCHANGED = Unchanged.UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChange:
    """What is to change; what is None, or unchanged, stays."""

    access: NamedAccess | None = None
    enabled: bool | None = None
    #: None: there is no limit.
    requests_per_minute: int | Unchanged | None = UNCHANGED


async def change_plan(database: Database, actor: Actor, *, plan: str, change: PlanChange) -> None:
    """Change the plan whose id or name is *plan*; it counts from the next request on."""

    async def work(tx: Transaction) -> None:
        standing = await actor.standing(tx)
        # Before any plan is looked for: who may change none is not told which there are.
        require(decide_manage_plans(standing))
        found = await find_plan(tx, plan)
        require(decide_manage_plan(standing, found))
        changed = await _changed(tx, found, change)
        if changed != found:
            await tx.plans.put(changed)
            names = await names_by_subject(tx)
            await note(tx, actor, "plan.changed", f"plan:{found.name}", **_detail(found, changed, names))

    await database.write(work)


async def _changed(tx: Transaction, plan: Plan, change: PlanChange) -> Plan:
    if change.access is not None:
        plan = replace(plan, access=await access_of(tx, change.access, where="/access"))
    if change.enabled is not None:
        plan = replace(plan, enabled=change.enabled)
    limit = change.requests_per_minute
    if isinstance(limit, Unchanged):
        return plan
    if limit is not None and limit < 1:
        raise Invalid(
            Fault(
                pointer="/requests_per_minute",
                detail="At least 1, or null for no limit. To stop it, disable it.",
            )
        )
    return replace(plan, requests_per_minute=limit)


def _detail(before: Plan, after: Plan, names: dict[str, str]) -> dict[str, Any]:
    detail: dict[str, Any] = {}
    if after.access != before.access:
        detail |= {
            "access": access_json(after.access, names),
            "access_before": access_json(before.access, names),
        }
    if after.enabled != before.enabled:
        detail["enabled"] = after.enabled
    if after.requests_per_minute != before.requests_per_minute:
        detail["requests_per_minute"] = after.requests_per_minute
    return detail
