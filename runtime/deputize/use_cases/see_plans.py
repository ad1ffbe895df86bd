"""Shows plans and forms to who develops or manages them."""

from dataclasses import dataclass

from deputize.authorisation import decide_develop
from deputize.domain.plan import Form, Plan
from deputize.domain.standing import Standing
from deputize.store import Database, Transaction
from deputize.use_cases.access import NamedAccess, named
from deputize.use_cases.actor import Actor
from deputize.use_cases.errors import require
from deputize.use_cases.finding import find_form, find_plan, may_see_plan, names_by_subject


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPlan:
    """A plan, its access by names."""

    plan: Plan
    access: NamedAccess


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenForm:
    """A form, its senders by names."""

    form: Form
    #: The name of its plan.
    plan: str
    senders: NamedAccess


async def see_plans(database: Database, actor: Actor) -> list[SeenPlan]:
    """Return the plans that the actor may see, by name."""

    async def work(tx: Transaction) -> list[SeenPlan]:
        standing = await actor.standing(tx)
        names = await names_by_subject(tx)
        plans = [each for each in await tx.plans.all() if may_see_plan(standing, each)]
        return [SeenPlan(plan=each, access=named(each.access, names)) for each in plans]

    return await database.read(work)


async def see_plan(database: Database, actor: Actor, *, plan: str) -> SeenPlan:
    """Return the plan whose id or name is *plan*."""

    async def work(tx: Transaction) -> SeenPlan:
        standing = await actor.standing(tx)
        found = await find_plan(tx, plan)
        _require_sight(standing, found)
        return SeenPlan(plan=found, access=named(found.access, await names_by_subject(tx)))

    return await database.read(work)


async def see_forms(database: Database, actor: Actor, *, plan: str | None = None) -> list[SeenForm]:
    """Return the forms of a plan, or of every plan that the actor may see, by name."""

    async def work(tx: Transaction) -> list[SeenForm]:
        standing = await actor.standing(tx)
        names = await names_by_subject(tx)
        if plan is None:
            plans = {each.id: each for each in await tx.plans.all() if may_see_plan(standing, each)}
        else:
            found = await find_plan(tx, plan)
            _require_sight(standing, found)
            plans = {found.id: found}
        return [
            SeenForm(form=each, plan=plans[each.plan_id].name, senders=named(each.senders, names))
            for each in await tx.forms.all()
            if each.plan_id in plans
        ]

    return await database.read(work)


async def see_form(database: Database, actor: Actor, *, form_id: str) -> SeenForm:
    """Return the form of that id."""

    async def work(tx: Transaction) -> SeenForm:
        standing = await actor.standing(tx)
        form, plan = await find_form(tx, form_id)
        _require_sight(standing, plan)
        return SeenForm(form=form, plan=plan.name, senders=named(form.senders, await names_by_subject(tx)))

    return await database.read(work)


def _require_sight(standing: Standing, plan: Plan) -> None:
    if not may_see_plan(standing, plan):
        require(decide_develop(standing, plan))
