"""``/plans`` of the REST API, with the constants and endpoints of each."""

from deputize.authorisation import decide_develop
from deputize.domain.decision import Denial, Grant
from deputize.domain.plan import Access, Plan
from deputize.platform.embedded.rest.call import Answer, Call
from deputize.platform.embedded.rest.paging import Page
from deputize.platform.embedded.rest.problems import not_found
from deputize.platform.embedded.rest.shapes import plans as shapes

_TYPES = ("PLAN", "BUILT_IN")


async def list_plans(call: Call) -> Answer:
    """Answer with the plans that the actor may develop; the others are left out, and not counted."""
    page, types = Page.asked_for(call.query), call.listed("planType", _TYPES)
    visible = [
        each
        for each in await call.store.plans.all()
        if isinstance(decide_develop(call.standing, each), Grant) and (not types or "PLAN" in types)
    ]
    return Answer(body=page.of(visible, shapes.plan, path=call.path, query=call.query))


async def read_plan(call: Call) -> Answer:
    """Answer with one plan: 404 when there is none, 403 when the actor may not develop it."""
    return Answer(body=shapes.plan(await developed_plan(call)))


async def list_constants(call: Call) -> Answer:
    """Answer with the constants of a plan."""
    page, plan = Page.asked_for(call.query), await developed_plan(call)
    constants = await call.store.constants.of_plan(plan.id)
    return Answer(
        body=page.of(
            list(constants.items()),
            lambda each: shapes.constant(*each, plan),
            path=call.path,
            query=call.query,
        )
    )


async def list_endpoints(call: Call) -> Answer:
    """Answer with the endpoints that a plan may call, those of every plan included."""
    page, plan = Page.asked_for(call.query), await developed_plan(call)
    return Answer(
        body=page.of(
            await call.store.endpoints.of_plan(plan.id),
            lambda each: shapes.endpoint(each, plan),
            path=call.path,
            query=call.query,
        )
    )


async def find_plan(call: Call, key: str) -> Plan:
    """Return the plan whose id or name is *key*; raises the 404."""
    plan = await call.store.plans.find(key)
    if plan is None:
        raise not_found("plan", key)
    return plan


async def developed_plan(call: Call) -> Plan:
    """Return the plan in the path; raises the 404, and the 403 for one that the actor may not develop."""
    plan = await find_plan(call, call.key)
    await require_developer(call, plan)
    return plan


async def require_developer(call: Call, plan: Plan) -> None:
    """Raise the 403 where the actor may not develop *plan*."""
    decision = decide_develop(call.standing, plan)
    if isinstance(decision, Denial):
        decision = decide_develop(call.standing, plan, names=await names_of(call, plan.access))
    call.require(decision)


async def names_of(call: Call, *lists: Access) -> dict[str, str]:
    """Return the names of the people whom *lists* name, so that a refusal can say who would pass."""
    found = [await call.store.people.get(each) for access in lists for each in sorted(access.people)]
    return {each.id: each.target_name for each in found if each is not None}
