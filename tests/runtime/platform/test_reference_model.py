"""Every answer agrees with a small model of who may do what, over worlds that hypothesis thinks up."""

import asyncio
from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deputize.domain.device import Device
from deputize.domain.group import Group
from deputize.domain.person import Role
from deputize.domain.plan import Access, Form, Plan

ROLES = ("A", "B", "C")
PEOPLE = ("p0", "p1", "p2", "p3")
FUNCTIONS = ("rest", "events", "groups", "developer", "login", "admin")
RIGHTS = ("View", "Use", "Edit", "Delete", "Assign")

some_roles = st.frozensets(st.sampled_from(ROLES), max_size=2)
some_people = st.frozensets(st.sampled_from(PEOPLE), max_size=2)


@dataclass(frozen=True)
class Case:
    """Who has which roles, what the roles allow, and who is named where."""

    functions: dict
    rights: dict
    held: dict
    above: dict
    observed_by_all: bool
    observers: frozenset
    group_supervisors: frozenset
    enabled: bool
    access: tuple
    senders: tuple
    start: frozenset


cases = st.builds(
    Case,
    functions=st.fixed_dictionaries(
        {role: st.frozensets(st.sampled_from(FUNCTIONS), max_size=3) for role in ROLES}
    ),
    rights=st.fixed_dictionaries(
        {
            role: st.dictionaries(
                st.sampled_from((*ROLES, "*")), st.frozensets(st.sampled_from(RIGHTS), max_size=2), max_size=2
            )
            for role in ROLES
        }
    ),
    held=st.fixed_dictionaries(dict.fromkeys(PEOPLE, some_roles)),
    above=st.fixed_dictionaries(dict.fromkeys(PEOPLE, some_people)),
    observed_by_all=st.booleans(),
    observers=some_roles,
    group_supervisors=some_people,
    enabled=st.booleans() | st.just(True),
    access=st.tuples(st.booleans(), some_roles, some_people),
    senders=st.tuples(st.booleans(), some_roles, some_people),
    start=st.frozensets(st.sampled_from(("api", "ui", "mobile")), min_size=1),
)


class Model:
    """The rules once more, in as few words as they take."""

    def __init__(self, case):
        self.case = case

    def has(self, who, function):
        return any(function in self.case.functions[role] for role in self.case.held[who])

    def right(self, who, right, on):
        return any(
            right in self.case.rights[role].get(target, ())
            for role in self.case.held[who]
            for target in (*self.case.held[on], "*")
        )

    def listed(self, who, access):
        everybody, roles, people = access
        return everybody or who in people or bool(roles & self.case.held[who])

    def sees(self, who, on):
        return who == on or self.right(who, "View", on) or self.right(who, "Use", on)

    def changes(self, who, on):
        return self.has(who, "rest") or self.right(who, "Edit", on)

    def uses_event(self, who, of):
        return who == of or self.has(who, "events")

    def reads_event(self, who, of):
        return self.uses_event(who, of) or who in self.case.above[of]

    def sees_group(self, who):
        case = self.case
        named = who in case.group_supervisors or case.observers & case.held[who]
        return case.observed_by_all or bool(named) or self.has(who, "groups")

    def changes_group(self, who):
        return who in self.case.group_supervisors or self.has(who, "groups") or self.has(who, "rest")

    def develops(self, who):
        allowed = self.has(who, "developer") and self.listed(who, self.case.access)
        return self.has(who, "login") and (allowed or self.has(who, "admin"))

    def sends(self, who):
        case = self.case
        both = self.listed(who, case.access) and self.listed(who, case.senders)
        return case.enabled and both and "api" in case.start

    def expected(self, who):
        """Return every request that *who* makes, and whether it is allowed."""
        for other in PEOPLE:
            yield "GET", f"/people/{other}", None, self.sees(who, other)
            yield "GET", f"/devices/{other}|Mail", None, self.sees(who, other)
            yield "POST", "/people", {"id": other, "firstName": "x"}, self.changes(who, other)
            yield "POST", "/devices", {"id": f"{other}|Mail", "delay": 1}, self.changes(who, other)
            event = f"/events/{PEOPLE.index(other) + 1}"
            yield "GET", event, None, self.reads_event(who, other)
            yield "GET", f"/audits?eventId={PEOPLE.index(other) + 1}", None, self.reads_event(who, other)
            yield "POST", f"{event}/annotations", {"comment": "x"}, self.uses_event(who, other)
            yield "POST", f"{event}/escalations", {"group": "g"}, self.has(who, "events")
        yield "GET", "/groups/g", None, self.sees_group(who)
        yield "GET", "/on-call?groups=g", None, self.sees_group(who)
        yield "POST", "/groups", {"id": "g", "description": "x"}, self.changes_group(who)
        yield "GET", "/plans/plan", None, self.develops(who)
        yield "GET", "/plans/plan/constants", None, self.develops(who)
        yield "POST", "/forms/form/triggers", {}, self.sends(who)
        yield "POST", "/reapi/2015-04-01/forms/form/triggers", {}, self.sends(who)


def acts(case, make):
    """Return what puts *case* into a database."""
    ids = {name: make.person(name).id for name in PEOPLE}

    def access(given):
        everybody, roles, people = given
        return Access(everybody=everybody, roles=roles, people=frozenset(ids[name] for name in people))

    async def put(tx):
        for name in ROLES:
            await tx.roles.put(Role(name=name, functions=case.functions[name], on=case.rights[name]))
        for number, name in enumerate(PEOPLE, 1):
            await tx.people.put(make.person(name, *case.held[name]))
            await tx.devices.put(
                Device(id=f"d-{name}", owner_id=ids[name], name="Mail", type="EMAIL", address="a@b.example")
            )
            await tx.events.add(make.event(str(number), name))
        for name in PEOPLE:
            await tx.supervisors.put(ids[name], {ids[each] for each in case.above[name]})
        await tx.groups.put(
            Group(
                id="g",
                target_name="group",
                observed_by_all=case.observed_by_all,
                observers=case.observers,
                supervisors=frozenset(ids[name] for name in case.group_supervisors),
            )
        )
        await tx.plans.put(Plan(id="plan", name="plan", enabled=case.enabled, access=access(case.access)))
        await tx.forms.put(
            Form(id="form", plan_id="plan", name="form", senders=access(case.senders), start=case.start)
        )

    return put


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=cases)
def test_every_answer_is_the_one_of_the_model_and_lists_hold_what_can_be_read(start_platform, make, case):
    model = Model(case)

    async def compare():
        async with start_platform() as bench:
            await bench.do(acts(case, make))
            for who in PEOPLE:
                client = await bench.as_(who)
                allowed = {}
                for method, path, body, may in model.expected(who):
                    url = f"{bench.platform.base_url}{'' if path.startswith('/reapi') else '/api/xm/1'}{path}"
                    answer = await client.request(method, url, json=body)
                    allowed[method, path, str(body)] = (answer.status_code < 300, may)
                    assert answer.status_code < 300 or answer.status_code == 403, answer.text
                assert {key: pair for key, pair in allowed.items() if pair[0] != pair[1]} == {}
                await lists_hold_what_can_be_read(client, model, who)

    asyncio.run(compare())


async def lists_hold_what_can_be_read(client, model, who):
    people = (await client.get("/people")).json()
    assert [each["targetName"] for each in people["data"]] == [on for on in PEOPLE if model.sees(who, on)]
    events = (await client.get("/events?sortOrder=ASCENDING&form=")).json()
    seeded = [each["submitter"]["targetName"] for each in events["data"] if "form" not in each]
    assert sorted(seeded) == [of for of in PEOPLE if model.reads_event(who, of)]
    for path, may in (("/groups", model.sees_group(who)), ("/plans", model.develops(who))):
        assert (await client.get(path)).json()["total"] == (1 if may else 0)
