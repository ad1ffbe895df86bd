"""Finds what an act is about, and says so when it is not there or may not be seen."""

from deputize.authorisation import decide_develop, decide_manage_plans
from deputize.domain.decision import Grant
from deputize.domain.integration import Integration
from deputize.domain.person import Person
from deputize.domain.plan import Form, Plan
from deputize.domain.standing import Standing
from deputize.store import Transaction
from deputize.use_cases.errors import NotFound, require


async def find_plan(tx: Transaction, key: str) -> Plan:
    """Return the plan whose id or name is *key*."""
    plan = await tx.plans.find(key)
    if plan is None:
        raise NotFound("plan", key)
    return plan


async def developed_plan(tx: Transaction, standing: Standing, key: str) -> Plan:
    """Return the plan whose id or name is *key*, which *standing* may edit the parts of."""
    plan = await find_plan(tx, key)
    require(decide_develop(standing, plan))
    return plan


async def find_form(tx: Transaction, form_id: str) -> tuple[Form, Plan]:
    """Return the form of that id, and its plan."""
    form = await tx.forms.get(form_id)
    plan = None if form is None else await tx.plans.get(form.plan_id)
    if form is None or plan is None:
        raise NotFound("form", form_id)
    return form, plan


async def find_integration(tx: Transaction, integration_id: str) -> tuple[Integration, Plan]:
    """Return the integration of that id, and its plan."""
    integration = await tx.integrations.get(integration_id)
    plan = None if integration is None else await tx.plans.get(integration.plan_id)
    if integration is None or plan is None:
        raise NotFound("integration", integration_id)
    return integration, plan


async def developed_integration(
    tx: Transaction, standing: Standing, integration_id: str
) -> tuple[Integration, Plan]:
    """Return the integration of that id, which *standing* may edit, and its plan."""
    integration, plan = await find_integration(tx, integration_id)
    require(decide_develop(standing, plan))
    return integration, plan


async def find_person(tx: Transaction, key: str) -> Person:
    """Return the person whose id or name is *key*."""
    person = await tx.people.find(key)
    if person is None:
        raise NotFound("user", key)
    return person


def may_develop(standing: Standing, plan: Plan) -> bool:
    """Whether *standing* may see and edit what belongs to *plan*."""
    return isinstance(decide_develop(standing, plan), Grant)


def may_see_plan(standing: Standing, plan: Plan) -> bool:
    """Whether *standing* may see *plan* itself: who develops it, and who manages plans."""
    return may_develop(standing, plan) or isinstance(decide_manage_plans(standing), Grant)


async def names_by_subject(tx: Transaction) -> dict[str, str]:
    """Return everybody's name."""
    return {person.id: person.target_name for person in await tx.people.all()}
