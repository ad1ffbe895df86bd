"""Plans and forms: who has access, who may send, and what is seen of them."""

import pytest

from deputize.domain.plan import Access
from deputize.use_cases.access import NamedAccess
from deputize.use_cases.change_form import FormChange, change_form
from deputize.use_cases.change_plan import PlanChange, change_plan
from deputize.use_cases.errors import Invalid, NotFound, NotPermitted
from deputize.use_cases.see_plans import see_form, see_forms, see_plan, see_plans

pytestmark = pytest.mark.anyio


async def change(office, name, plan="Incidents", **values):
    await change_plan(office.database, office.as_(name), plan=plan, change=PlanChange(**values))


async def send(office, name, form_id="f1", **values):
    await change_form(office.database, office.as_(name), form_id=form_id, change=FormChange(**values))


async def test_access_is_given_by_names_and_kept_by_accounts(office):
    await change(office, "sue", access=NamedAccess(roles=["Standard"], users=["rob"]))
    plan = await office.read(lambda tx: tx.plans.by_name("Incidents"))

    assert plan.access == Access(roles=frozenset({"Standard"}), people=frozenset({"id-of-rob"}))
    assert await office.audit() == [
        (
            "sue",
            "plan.changed",
            "plan:Incidents",
            {
                "access": {"everybody": False, "roles": ["Standard"], "users": ["rob"]},
                "access_before": {
                    "everybody": False,
                    "roles": ["Developer", "REST", "Standard", "Supervisor"],
                    "users": [],
                },
            },
        )
    ]


async def test_each_thing_is_changed_by_itself(office):
    await change(office, "sue", enabled=False)
    await change(office, "sue", requests_per_minute=60)
    await change(office, "ann", plan="p1")
    plan = await office.read(lambda tx: tx.plans.get("p1"))
    await change(office, "ann", requests_per_minute=None)

    assert (plan.enabled, plan.requests_per_minute) == (False, 60)
    assert (await office.read(lambda tx: tx.plans.get("p1"))).requests_per_minute is None
    assert [each[3] for each in await office.audit()] == [
        {"enabled": False},
        {"requests_per_minute": 60},
        {"requests_per_minute": None},
    ]


async def test_names_for_nobody_are_told_by_their_places(office):
    with pytest.raises(Invalid) as refused:
        await change(office, "sue", access=NamedAccess(roles=["Standard", "Standrd"], users=["ghost"]))
    with pytest.raises(Invalid) as refused_senders:
        await send(office, "sue", senders=NamedAccess(users=["rob", "ghost"]))

    assert [(each.pointer, each.detail) for each in refused.value.faults] == [
        ("/access/roles/1", 'There is no such role. Did you mean "Standard"?'),
        ("/access/users/0", "There is no such user."),
    ]
    assert [each.pointer for each in refused_senders.value.faults] == ["/senders/users/1"]


@pytest.mark.parametrize("limit", [0, -1])
async def test_a_limit_of_nothing_is_refused(office, limit):
    with pytest.raises(Invalid, match="To stop it, disable it"):
        await change(office, "sue", requests_per_minute=limit)


@pytest.mark.parametrize("name", ["dev", "stan", "rob", "iris"])
async def test_nobody_else_changes_them(office, name):
    for plan in ("Incidents", "nowhere"):
        with pytest.raises(NotPermitted):
            await change(office, name, plan, enabled=False)
    for form_id in ("f1", "nowhere"):
        with pytest.raises(NotPermitted):
            await send(office, name, form_id, start=frozenset())

    assert await office.audit() == []


async def test_who_manages_plans_changes_those_that_they_have_access_to(office):
    await change(office, "ann", "Payroll", access=NamedAccess(roles=["Administrator"]))
    for changing in (
        change(office, "sue", "Payroll", access=NamedAccess(everybody=True)),
        change(office, "sue", "p2", enabled=True),
        send(office, "sue", "f3", start=frozenset({"api"})),
    ):
        with pytest.raises(NotPermitted) as refused:
            await changing

        assert str(refused.value) == (
            'sue may not change who has access to plan "Payroll" '
            "(function login: yes, function plans: yes, access to plan: no)."
        )

    assert len(await office.audit()) == 1


async def test_a_plan_that_is_disabled_is_enabled_again(office):
    await change(office, "sue", enabled=False)
    await change(office, "sue", enabled=True)

    assert (await office.read(lambda tx: tx.plans.get("p1"))).enabled


async def test_senders_and_ways_of_a_form_are_changed(office):
    await send(office, "sue", senders=NamedAccess(roles=["REST"]), start=frozenset({"api"}))
    await send(office, "sue", start=frozenset({"api"}))
    form = await office.read(lambda tx: tx.forms.get("f1"))

    assert (form.senders, form.start) == (Access(roles=frozenset({"REST"})), {"api"})
    assert await office.audit() == [
        (
            "sue",
            "form.changed",
            "form:Incidents/alert",
            {
                "senders": {"everybody": False, "roles": ["REST"], "users": []},
                "senders_before": {"everybody": True, "roles": [], "users": []},
                "start": ["api"],
            },
        )
    ]


async def test_plans_are_seen_by_who_develops_or_manages_them(office):
    async def seen(name):
        return [each.plan.name for each in await see_plans(office.database, office.as_(name))]

    async def seen_forms(name, **more):
        return [each.form.name for each in await see_forms(office.database, office.as_(name), **more)]

    assert await seen("ann") == await seen("sue") == ["Incidents", "Payroll"]
    assert await seen("dev") == ["Incidents"]
    assert await seen("stan") == await seen("rob") == await seen("iris") == []
    assert await seen_forms("sue") == ["alert", "notice", "pay"]
    assert await seen_forms("dev") == await seen_forms("sue", plan="p1") == ["alert", "notice"]
    assert await seen_forms("stan") == []


async def test_one_plan_or_form_is_refused_where_it_would_not_be_listed(office):
    plan = await see_plan(office.database, office.as_("sue"), plan="Payroll")
    form = await see_form(office.database, office.as_("sue"), form_id="f3")

    assert plan.access == NamedAccess(users=["sue"], roles=[])
    assert (form.plan, form.senders.everybody) == ("Payroll", True)
    for looking in (
        see_plan(office.database, office.as_("dev"), plan="Payroll"),
        see_forms(office.database, office.as_("dev"), plan="Payroll"),
        see_form(office.database, office.as_("dev"), form_id="f3"),
        see_plan(office.database, office.as_("stan"), plan="Incidents"),
    ):
        with pytest.raises(NotPermitted):
            await looking
    with pytest.raises(NotFound, match='There is no form "nowhere"'):
        await see_form(office.database, office.as_("sue"), form_id="nowhere")


async def test_somebody_who_is_gone_is_left_out_of_who_has_access(office):
    await office.write(lambda tx: tx.people.delete("id-of-sue"))
    plan = await see_plan(office.database, office.as_("ann"), plan="Payroll")

    assert plan.access.users == []
