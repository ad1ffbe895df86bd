"""Changes who may send a form, and by which ways it may be started."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

from deputize.authorisation import decide_manage_plan, decide_manage_plans
from deputize.domain.plan import Form, StartWay
from deputize.store import Database, Transaction
from deputize.use_cases.access import NamedAccess, access_json, access_of
from deputize.use_cases.actor import Actor
from deputize.use_cases.audit_trail import note
from deputize.use_cases.errors import require
from deputize.use_cases.finding import find_form, names_by_subject


@dataclass(frozen=True, slots=True, kw_only=True)
class FormChange:
    """What is to change; what is None stays."""

    senders: NamedAccess | None = None
    start: AbstractSet[StartWay] | None = None


async def change_form(database: Database, actor: Actor, *, form_id: str, change: FormChange) -> None:
    """Change the form of that id; it counts from the next request on."""

    async def work(tx: Transaction) -> None:
        standing = await actor.standing(tx)
        # Before any form is looked for: who may change none is not told which there are.
        require(decide_manage_plans(standing))
        form, plan = await find_form(tx, form_id)
        require(decide_manage_plan(standing, plan))
        changed = form
        if change.senders is not None:
            changed = replace(changed, senders=await access_of(tx, change.senders, where="/senders"))
        if change.start is not None:
            changed = replace(changed, start=frozenset(change.start))
        if changed != form:
            await tx.forms.put(changed)
            names = await names_by_subject(tx)
            detail = _detail(form, changed, names)
            await note(tx, actor, "form.changed", f"form:{plan.name}/{form.name}", **detail)

    await database.write(work)


def _detail(before: Form, after: Form, names: dict[str, str]) -> dict[str, Any]:
    detail: dict[str, Any] = {}
    if after.senders != before.senders:
        detail |= {
            "senders": access_json(after.senders, names),
            "senders_before": access_json(before.senders, names),
        }
    if after.start != before.start:
        detail["start"] = sorted(after.start)
    return detail
