"""The permission rules of the embedded platform, over worlds that hypothesis thinks up."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deputize.domain.decision import Denial, Grant
from deputize.domain.event import Event
from deputize.domain.group import Group
from deputize.domain.person import Role
from deputize.platform.embedded.event_permissions import read_event, use_event, whose_events
from deputize.platform.embedded.group_permissions import change_group, see_group
from deputize.platform.embedded.permissions import Authority, Holder, Rules

NAMES = ("A", "B", "C", "D")
RIGHTS = ("View", "Use", "Edit", "Delete", "Assign")

#: How long an example takes depends on what else the machine does.
unhurried = settings(deadline=None)

rights = st.frozensets(st.sampled_from(RIGHTS), max_size=3)
role_sets = st.frozensets(st.sampled_from(NAMES), max_size=3)


@st.composite
def all_roles(draw):
    return [
        Role(
            name=name,
            functions=draw(st.frozensets(st.sampled_from(["events", "rest", "groups"]), max_size=2)),
            on=draw(st.dictionaries(st.sampled_from((*NAMES, "*")), rights, max_size=3)),
        )
        for name in NAMES
    ]


def holder(name, roles):
    return Holder(id=f"id of {name}", name=name, roles=roles)


#: Nobody but its observers sees it.
GROUP = Group(id="g", target_name="ops", observed_by_all=False, observers=frozenset("C"))


def event_of(submitter):
    return Event(
        id="e",
        number="1",
        submitter_id=submitter.id,
        submitter_name=submitter.name,
        via="api",
        status="ACTIVE",
        form="",
        form_id=None,
        plan_id=None,
        priority="LOW",
        created=datetime(2018, 4, 17, tzinfo=UTC),
        properties={},
        recipients=(),
        request_id=None,
    )


def decisions(rules, actor, person, wanted):
    return {
        "see": rules.see_person(actor, person),
        "create": rules.create_person(actor, wanted),
        "change": rules.change_person(actor, person),
        "assign": rules.change_person(actor, person, wanted),
        "delete": rules.delete_person(actor, person),
        "supervise": rules.supervise_person(actor, person),
        "send": rules.use_person(actor, person),
        "event": use_event(rules, actor, event_of(person)),
        "group": change_group(rules, actor, GROUP),
        "see group": see_group(rules, actor, GROUP),
    }


def held(roles, names, right, on):
    return any(
        right in role.on.get(target, ()) for role in roles if role.name in names for target in (*on, "*")
    )


@unhurried
@given(all_roles(), role_sets, role_sets)
def test_a_person_is_seen_by_view_or_use_on_one_of_their_roles_and_by_nothing_else(roles, mine, theirs):
    decision = Rules(roles).see_person(holder("me", mine), holder("them", theirs))

    expected = held(roles, mine, "View", theirs) or held(roles, mine, "Use", theirs)
    assert isinstance(decision, Grant) == expected


@unhurried
@given(all_roles(), role_sets, role_sets)
def test_everybody_sees_themselves_by_id_and_not_by_name(roles, mine, theirs):
    rules, me = Rules(roles), holder("me", mine)
    namesake = Holder(id="another", name="me", roles=theirs)

    assert isinstance(rules.see_person(me, me), Grant)
    assert isinstance(rules.see_person(me, namesake), Grant) == isinstance(
        rules.see_person(me, holder("them", theirs)), Grant
    )


@unhurried
@given(all_roles(), role_sets, role_sets)
def test_several_roles_may_what_each_of_them_may(roles, names, on):
    mine = [role for role in roles if role.name in names]
    together = Authority(mine)

    for right in RIGHTS:
        assert together.may((right,), on) == any(Authority([role]).may((right,), on) for role in mine)
    for function in ("events", "rest"):
        assert together.has(function) == any(Authority([role]).has(function) for role in mine)


@unhurried
@given(all_roles(), role_sets, role_sets, role_sets, role_sets)
def test_another_role_never_takes_a_right_away(roles, mine, more, theirs, wanted):
    rules, person = Rules(roles), holder("them", theirs)
    fewer = decisions(rules, holder("me", mine), person, wanted)
    larger = decisions(rules, holder("me", mine | more), person, wanted)

    assert [name for name in fewer if isinstance(fewer[name], Grant)] == [
        name for name in fewer if isinstance(fewer[name], Grant) and isinstance(larger[name], Grant)
    ]


@unhurried
@given(all_roles(), role_sets, role_sets, role_sets)
def test_a_denial_names_exactly_the_roles_that_would_be_enough(roles, mine, theirs, wanted):
    rules, person = Rules(roles), holder("them", theirs)
    for name, decision in decisions(rules, holder("me", mine), person, wanted).items():
        if isinstance(decision, Denial):
            enough = [
                f"role {extra}"
                for extra in NAMES
                if isinstance(decisions(rules, holder("me", mine | {extra}), person, wanted)[name], Grant)
            ]
            others = ["person them"] if name == "event" else []
            assert list(decision.would_pass) == enough + others
            assert decision.needs
            assert decision.reason.startswith("me may not ")


@unhurried
@given(all_roles(), role_sets, role_sets, role_sets)
def test_nobody_hands_out_or_takes_a_role_without_assign_on_it(roles, mine, theirs, wanted):
    rules, me = Rules(roles), holder("me", mine)
    may_assign = {role for role in NAMES if held(roles, mine, "Assign", [role])}

    if isinstance(rules.change_person(me, holder("them", theirs), wanted), Grant):
        assert wanted ^ theirs <= may_assign
    if isinstance(rules.create_person(me, wanted), Grant):
        assert wanted <= may_assign


@unhurried
@given(role_sets)
def test_roles_that_do_not_exist_give_nothing(theirs):
    assert isinstance(Rules([]).see_person(holder("me", frozenset(NAMES)), holder("them", theirs)), Denial)


@pytest.mark.parametrize(
    ("functions", "on", "theirs", "may"),
    [
        (("rest",), {}, ("B",), False),
        (("people",), {}, ("B",), False),
        ((), {"B": ("Edit",)}, ("B",), False),
        ((), {"B": ("Use",)}, ("B",), True),
        ((), {"*": ("View",)}, (), True),
        ((), {"B": ("View",)}, ("C",), False),
    ],
)
def test_examples_of_who_may_see_whom(functions, on, theirs, may):
    mine = Role(
        name="A", functions=frozenset(functions), on={name: frozenset(each) for name, each in on.items()}
    )

    decision = Rules([mine]).see_person(holder("me", frozenset("A")), holder("them", frozenset(theirs)))

    assert isinstance(decision, Grant) == may


@unhurried
@given(all_roles(), role_sets, st.frozensets(st.sampled_from(["id of a", "id of b"])))
def test_the_events_that_are_listed_are_those_that_may_be_read(roles, held, supervised):
    rules, actor = Rules(roles), holder("a", held)

    listed = whose_events(rules, actor, supervised=supervised)

    for name in ("a", "b", "c"):
        event = event_of(holder(name, frozenset()))
        read = isinstance(read_event(rules, actor, event, supervised=supervised), Grant)
        assert read == (listed is None or event.submitter_id in listed)
