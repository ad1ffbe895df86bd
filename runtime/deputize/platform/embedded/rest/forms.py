"""``/forms`` of the REST API, and those of one plan."""

from deputize.authorisation import decide_develop, decide_plan, decide_send
from deputize.domain.decision import Denial, Grant
from deputize.domain.plan import Form, Plan
from deputize.platform.embedded.rest.call import Answer, Call
from deputize.platform.embedded.rest.paging import Page, as_it_is
from deputize.platform.embedded.rest.plans import find_plan, names_of
from deputize.platform.embedded.rest.problems import not_found
from deputize.platform.embedded.rest.shapes import plans as shapes


async def list_forms(call: Call) -> Answer:
    """Answer with the forms that the actor may send or develop; the others are left out, not counted."""
    page = Page.asked_for(call.query)
    plans = {each.id: each for each in await call.store.plans.all()}
    visible = [
        (each, plans[each.plan_id])
        for each in await call.store.forms.all()
        if isinstance(_seen(call, plans[each.plan_id], each), Grant)
    ]
    return Answer(body=page.of(visible, lambda each: shapes.form(*each), path=call.path, query=call.query))


async def list_forms_of_plan(call: Call) -> Answer:
    """Answer with those of a plan; one to which the actor has no access is a 403."""
    page, plan = Page.asked_for(call.query), await find_plan(call, call.key)
    if not isinstance(decide_develop(call.standing, plan), Grant):
        call.require(decide_plan(call.standing, plan, names=await names_of(call, plan.access)))
    visible = [
        each for each in await call.store.forms.of_plan(plan.id) if isinstance(_seen(call, plan, each), Grant)
    ]
    return Answer(
        body=page.of(visible, lambda each: shapes.form(each, plan), path=call.path, query=call.query)
    )


async def read_form(call: Call) -> Answer:
    """Answer with one form: 404 when there is none, 403 when the actor may neither send nor develop it."""
    return Answer(body=shapes.form(*await _seen_form(call)))


async def list_response_options(call: Call) -> Answer:
    """Answer with what those who are told by a form may answer."""
    page = Page.asked_for(call.query)
    form, _ = await _seen_form(call)
    options = shapes.response_options(form.response_options)
    return Answer(body=page.of(options, as_it_is, path=call.path, query=call.query))


async def find_form(call: Call, key: str, *, plan: Plan | None = None) -> tuple[Form, Plan]:
    """Return the form whose id is *key*, and its plan; within a *plan* by its name too. Raises the 404."""
    form = await (call.store.forms.get(key) if plan is None else call.store.forms.find(plan.id, key))
    owner = None if form is None else plan or await call.store.plans.get(form.plan_id)
    if form is None or owner is None:
        raise not_found("form", key)
    return form, owner


async def _seen_form(call: Call) -> tuple[Form, Plan]:
    form, plan = await find_form(call, call.key)
    decision = _seen(call, plan, form)
    if isinstance(decision, Denial):
        decision = _seen(call, plan, form, names=await names_of(call, plan.access, form.senders))
    call.require(decision)
    return form, plan


def _seen(call: Call, plan: Plan, form: Form, *, names: dict[str, str] | None = None) -> Grant | Denial:
    """Decide whether the actor may see *form*: who develops its plan may, and who may send it."""
    developed = decide_develop(call.standing, plan)
    if isinstance(developed, Grant):
        return developed
    # By whatever way: one that is closed to the actor is no secret.
    way = next(iter(sorted(form.start)), None)
    if way is None:
        return developed
    return decide_send(call.standing, plan, form, way=way, names=names or {})
