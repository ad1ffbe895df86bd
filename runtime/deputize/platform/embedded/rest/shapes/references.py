"""How objects of the REST API refer to each other, and how moments are written."""

from datetime import UTC, datetime
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from pydantic import JsonValue

from deputize.domain.recipient import RecipientType

API = "/api/xm/1"

_COLLECTIONS: dict[RecipientType, str] = {"PERSON": "people", "GROUP": "groups", "DEVICE": "devices"}


def link(*parts: str) -> dict[str, JsonValue]:
    """Return the ``links`` of the object at the path of *parts*."""
    return {"self": "/".join((API, *(quote(part, safe="") for part in parts)))}


def recipient_reference(kind: RecipientType, recipient_id: str | None, name: str) -> dict[str, JsonValue]:
    """Return a person, group or device as other objects refer to one; without an id where it has none."""
    reference: dict[str, JsonValue] = {
        "targetName": name,
        "recipientType": kind,
        "links": link(_COLLECTIONS[kind], recipient_id or name),
    }
    return reference if recipient_id is None else {"id": recipient_id, **reference}


def person_reference(person_id: str, name: str) -> dict[str, JsonValue]:
    """Return a person as other objects refer to one."""
    return recipient_reference("PERSON", person_id, name)


def id_of(kind: str, *names: str) -> str:
    """Return the id of something that is known by its names, from which it follows."""
    return str(uuid5(NAMESPACE_URL, ":".join((kind, *names))))


def moment(when: datetime) -> str:
    """Return *when* as ``2018-04-17T20:02:47.476Z``."""
    return f"{_milliseconds(when)}Z"


def event_moment(when: datetime) -> str:
    """Return *when* as events write it, ``2018-04-17T20:02:47.476+0000``."""
    return f"{_milliseconds(when)}+0000"


def _milliseconds(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03d}"
