"""Plans and forms: who has access, who may send, how they may be started."""

from deputize.server.callers import Caller, Parts
from deputize.server.documents.plans import FormDocument, Forms, PlanDocument, Plans, SentForm, SentPlan
from deputize.server.routes.operations import may_answer, operations
from deputize.use_cases.change_form import change_form
from deputize.use_cases.change_plan import change_plan
from deputize.use_cases.see_plans import see_form, see_forms, see_plan, see_plans

router = operations("Plans and forms")


@router.get("/plans", operation_id="listPlans")
async def list_plans(parts: Parts, caller: Caller) -> Plans:
    """Return the plans that the caller develops or manages, by name."""
    return Plans(data=[PlanDocument.of(each) for each in await see_plans(parts.database, caller)])


@router.get("/plans/{plan}", operation_id="getPlan", responses=may_answer(404))
async def get_plan(parts: Parts, caller: Caller, plan: str) -> PlanDocument:
    """Return the plan of that id or name."""
    return PlanDocument.of(await see_plan(parts.database, caller, plan=plan))


@router.patch("/plans/{plan}", operation_id="changePlan", responses=may_answer(404))
async def patch_plan(parts: Parts, caller: Caller, plan: str, body: SentPlan) -> PlanDocument:
    """Change who has access, whether the plan is enabled, and its limit; return the plan."""
    await change_plan(parts.database, caller, plan=plan, change=body.change())
    return PlanDocument.of(await see_plan(parts.database, caller, plan=plan))


@router.get("/forms", operation_id="listForms", responses=may_answer(404))
async def list_forms(parts: Parts, caller: Caller, plan: str | None = None) -> Forms:
    """Return the forms of a plan, or of every plan that the caller develops or manages, by name."""
    seen = await see_forms(parts.database, caller, plan=plan)
    return Forms(data=[FormDocument.of(each) for each in seen])


@router.get("/forms/{form}", operation_id="getForm", responses=may_answer(404))
async def get_form(parts: Parts, caller: Caller, form: str) -> FormDocument:
    """Return the form of that id."""
    return FormDocument.of(await see_form(parts.database, caller, form_id=form))


@router.patch("/forms/{form}", operation_id="changeForm", responses=may_answer(404))
async def patch_form(parts: Parts, caller: Caller, form: str, body: SentForm) -> FormDocument:
    """Change who may send the form, and how it may be started; return the form."""
    await change_form(parts.database, caller, form_id=form, change=body.change())
    return FormDocument.of(await see_form(parts.database, caller, form_id=form))
