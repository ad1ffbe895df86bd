"""``/people/{id}/group-memberships`` of the REST API."""

from deputize.domain.decision import Grant
from deputize.platform.embedded.group_permissions import see_group
from deputize.platform.embedded.rest.call import Answer, Call
from deputize.platform.embedded.rest.members import shifts_of_members
from deputize.platform.embedded.rest.paging import Page, as_it_is
from deputize.platform.embedded.rest.people import seen_person
from deputize.platform.embedded.rest.shapes.groups import membership
from deputize.platform.embedded.rest.shapes.people import reference

_EMBED = ("shifts",)


async def list_memberships(call: Call) -> Answer:
    """Answer with the groups to which a person belongs and which the actor may see."""
    page, embed = Page.asked_for(call.query), call.listed("embed", _EMBED)
    person = await seen_person(call, call.key)
    shown = []
    for member in await call.store.groups.of_member("PERSON", person.id):
        group = await call.store.groups.get(member.group_id)
        if group is None or not isinstance(see_group(call.rules, call.holder, group), Grant):
            continue
        shifts = None
        if "shifts" in embed:
            shifts = (await shifts_of_members(call, group)).get(member.id, [])
        shown.append(membership(group, reference(person), shifts=shifts))
    return Answer(body=page.of(shown, as_it_is, path=call.path, query=call.query))
