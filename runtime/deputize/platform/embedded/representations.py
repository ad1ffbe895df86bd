"""People, roles, events and annotations as the REST API shows them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from pydantic import JsonValue

from deputize.domain.event import Annotation, Event
from deputize.domain.person import Person
from deputize.platform.embedded.paging import MOST, Page

API = "/api/xm/1"


def person_reference(person_id: str, name: str) -> dict[str, JsonValue]:
    """Return a person as other objects refer to one."""
    return {
        "id": person_id,
        "targetName": name,
        "recipientType": "PERSON",
        "links": {"self": f"{API}/people/{person_id}"},
    }


def person(each: Person, *, embed: frozenset[str] = frozenset()) -> dict[str, JsonValue]:
    """Return a person whole; ``roles`` only when embedded."""
    shown: dict[str, JsonValue] = {
        **person_reference(each.id, each.target_name),
        "externallyOwned": False,
        "locked": [],
        "firstName": each.first_name,
        "lastName": each.last_name,
        "email": each.email,
        "language": each.language,
        "timezone": each.timezone,
        "webLogin": each.target_name,
        "properties": {},
        "status": each.status,
    }
    if "roles" in embed:
        shown["roles"] = Page(limit=MOST).of(sorted(each.roles), role, path=f"{API}/people/{each.id}/roles")
    return shown


def role_id(name: str) -> str:
    """Return the id of the role *name*; roles are known by name, so it follows from that."""
    return str(uuid5(NAMESPACE_URL, f"role:{name}"))


def role(name: str) -> dict[str, JsonValue]:
    """Return a role; what its holders may do is not shown."""
    return {"id": role_id(name), "name": name}


def event(
    each: Event, *, embed: frozenset[str] = frozenset(), comments: Sequence[Annotation] = ()
) -> dict[str, JsonValue]:
    """Return an event; properties, annotations (*comments*) and recipients only when embedded."""
    shown: dict[str, JsonValue] = {
        **_event_reference(each),
        "status": each.status,
        "created": moment(each.created) + "+0000",
        "submitter": person_reference(each.submitter_id, each.submitter_name),
    }
    if each.form:
        shown["form"] = {"name": each.form}
    if "properties" in embed:
        shown["properties"] = dict(each.properties)
    whole = Page(limit=MOST)
    if "annotations" in embed:
        shown["annotations"] = whole.of(
            comments, lambda one: annotation(one, each), path=f"{API}/events/{each.id}/annotations"
        )
    if "recipients" in embed:
        shown["recipients"] = whole.of(
            each.recipients,
            lambda name: {
                "targetName": name,
                "recipientType": "PERSON",
                "links": {"self": f"{API}/people/{quote(name, safe='')}"},
            },
            path=f"{API}/events/{each.id}/recipients",
        )
    return shown


def annotation(each: Annotation, of: Event) -> dict[str, JsonValue]:
    """Return a comment on the event *of*."""
    return {
        "id": each.id,
        "event": _event_reference(of),
        "author": person_reference(each.author_id, each.author_name),
        "comment": each.comment,
        "created": moment(each.created) + "Z",
    }


def moment(when: datetime) -> str:
    """Return *when* in UTC to the millisecond, without a zone: events and annotations differ there."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03d}"


def _event_reference(each: Event) -> dict[str, JsonValue]:
    return {"id": each.id, "eventId": each.number, "links": {"self": f"{API}/events/{each.id}"}}
