"""Who may set an integration off, send a form, edit a plan: the rules and the sentences."""

from hypothesis import given
from hypothesis import strategies as st

from deputize import Denial, Grant
from deputize.authorisation import (
    decide_develop,
    decide_function,
    decide_plan,
    decide_replay,
    decide_send,
    decide_trigger,
)
from deputize.domain.integration import Integration
from deputize.domain.plan import Access, Form, Plan
from deputize.domain.standing import Standing

ROLES = ("Lead", "Member", "Guest")
SUBJECTS = ("s-alice", "s-bob")

access_lists = st.builds(
    Access,
    everybody=st.booleans(),
    roles=st.frozensets(st.sampled_from(ROLES)),
    people=st.frozensets(st.sampled_from(SUBJECTS)),
)
standings = st.builds(
    Standing,
    subject=st.sampled_from(SUBJECTS),
    name=st.just("alice"),
    active=st.booleans(),
    roles=st.frozensets(st.sampled_from(ROLES)),
    functions=st.frozensets(st.sampled_from(("login", "developer", "admin"))),
)
actions = st.sampled_from(("CREATE_EVENT_SIMPLE", "CREATE_EVENT", "RUN_SCRIPT"))


def standing(**changes):
    return Standing(
        **{
            "subject": "s-alice",
            "name": "alice",
            "active": True,
            "roles": frozenset(),
            "functions": frozenset(),
            **changes,
        }
    )


def plan(access=None, *, enabled=True):
    return Plan(id="p", name="incidents", enabled=enabled, access=access or Access(everybody=True))


def form(senders=None, start=("ui", "api")):
    return Form(
        id="f",
        plan_id="p",
        name="bridge",
        senders=senders or Access(everybody=True),
        start=frozenset(start),
    )


def listed(access, who):
    return access.everybody or who.subject in access.people or not access.roles.isdisjoint(who.roles)


@given(standings, access_lists, access_lists, actions, st.booleans())
def test_a_trigger_needs_access_and_for_events_sender_permission(who, access, senders, action, enabled):
    integration = Integration(id="i", plan_id="p", name="in", action=action, form_id="f", method="basic")
    decision = decide_trigger(who, plan(access, enabled=enabled), form(senders), integration)

    may = who.active and enabled and listed(access, who)
    if action != "RUN_SCRIPT":
        may = may and listed(senders, who)
    assert isinstance(decision, Grant) == may


@given(standings, access_lists, access_lists, st.sampled_from(("ui", "api", "mobile", "email")))
def test_sending_needs_access_permission_and_the_way(who, access, senders, way):
    decision = decide_send(who, plan(access), form(senders), way=way)

    may = who.active and listed(access, who) and listed(senders, who) and way in ("ui", "api")
    assert isinstance(decision, Grant) == may


@given(standings, access_lists, access_lists, actions, st.booleans())
def test_replaying_what_was_inbound_takes_what_setting_it_off_takes(who, access, senders, action, enabled):
    integration = Integration(id="i", plan_id="p", name="in", action=action, form_id="f", method="basic")
    situation = (who, plan(access, enabled=enabled), form(senders), integration)

    assert decide_replay(*situation) == decide_trigger(*situation)


@given(standings, access_lists, access_lists, st.booleans(), st.booleans())
def test_replaying_what_an_event_set_off_takes_access_and_sender_permission(
    who, access, senders, enabled, has_form
):
    integration = Integration(id="i", plan_id="p", name="out", callback="STATUS", form_id="f")
    sent = form(senders, start=()) if has_form else None
    decision = decide_replay(who, plan(access, enabled=enabled), sent, integration)

    may = who.active and enabled and has_form and listed(access, who) and listed(senders, who)
    assert isinstance(decision, Grant) == may


@given(standings, access_lists)
def test_editing_needs_log_in_and_a_developer_with_access_or_an_administrator(who, access):
    decision = decide_develop(who, plan(access))

    may = who.active and who.has("login")
    may = may and (who.has("admin") or (who.has("developer") and listed(access, who)))
    assert isinstance(decision, Grant) == may


def test_a_denial_says_which_rule_failed_and_who_has_it():
    senders = Access(roles=frozenset({"Incident Lead"}), people=frozenset({"s-bob", "s-gone"}))
    integration = Integration(id="i", plan_id="p", name="in", action="CREATE_EVENT", form_id="f")
    decision = decide_trigger(standing(), plan(), form(senders), integration, names={"s-bob": "bob"})

    assert decision == Denial(
        reason='alice may not send form "bridge" (access to plan: yes, sender permission: no).',
        needs=('sender permission on form "bridge"',),
        would_pass=("role Incident Lead", "person bob"),
    )


def test_an_event_without_a_form_is_nobodys_to_create():
    integration = Integration(id="i", plan_id="p", name="in", action="CREATE_EVENT")
    decision = decide_trigger(standing(), plan(), None, integration)

    assert isinstance(decision, Denial)
    assert decision.needs == ('integration "in" to have a form',)


def test_somebody_who_is_not_active_may_nothing():
    decision = decide_plan(standing(active=False, functions=frozenset({"admin"})), plan())

    assert decision == Denial(
        reason='alice may not use plan "incidents": the account is not active.',
        needs=("an active account",),
        would_pass=(),
    )


def test_a_disabled_plan_is_nobodys_to_use():
    decision = decide_plan(standing(), plan(enabled=False))

    assert isinstance(decision, Denial)
    assert decision.needs == ('plan "incidents" to be enabled',)


def test_without_the_log_in_no_function_counts():
    decision = decide_function(standing(functions=frozenset({"admin"})), "admin", what="see every run")

    assert isinstance(decision, Denial)
    assert decision.reason == "alice may not see every run (function login: no, function admin: yes)."
