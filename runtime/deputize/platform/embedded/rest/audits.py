"""``/audits`` of the REST API: what happened to an event."""

from urllib.parse import urlencode

from pydantic import JsonValue

from deputize.platform.embedded.rest.call import Answer, Call
from deputize.platform.embedded.rest.finding_events import readable_event
from deputize.platform.embedded.rest.paging import DEFAULT_LIMIT, FARTHEST, MOST, whole_number
from deputize.platform.embedded.rest.problems import missing
from deputize.platform.embedded.rest.shapes import events as shapes

_TYPES = (
    "EVENT_CREATED",
    "EVENT_SUSPENDED",
    "EVENT_RESUMED",
    "EVENT_TERMINATED",
    "EVENT_ANNOTATED",
    "EVENT_ESCALATED",
    "RESPONSE_RECEIVED",
    "NOTIFICATION_DELIVERED",
    "NOTIFICATION_FAILED",
    "TARGETED_RECIPIENT_FAILED",
)


async def list_audits(call: Call) -> Answer:
    """Answer with what happened to the event ``eventId``, the oldest first, of the types in ``auditType``.

    Pages go by ``after``, the ``orderId`` of the last one of the page before: more may happen meanwhile.
    """
    key = call.query.get("eventId")
    if not key:
        raise missing("eventId")
    types = call.listed("auditType", _TYPES)
    limit = whole_number(call.query, "limit", default=DEFAULT_LIMIT, least=1, most=MOST)
    after = whole_number(call.query, "after", default=0, least=0, most=FARTHEST)
    event = await readable_event(call, key)
    happened = enumerate(await call.store.events.audits(event.id), 1)
    wanted = [(order, each) for order, each in happened if not types or each.type in types]
    left = [(order, each) for order, each in wanted if order > after]
    shown = left[:limit]
    links: dict[str, JsonValue] = {"self": _link(call, limit, after)}
    if len(left) > limit:
        links["next"] = _link(call, limit, shown[-1][0])
    return Answer(
        body={
            "count": len(shown),
            "total": len(wanted),
            "data": [shapes.audit(each, event, order=order) for order, each in shown],
            "links": links,
        }
    )


def _link(call: Call, limit: int, after: int) -> str:
    others = [(name, value) for name, value in call.query.multi_items() if name not in ("limit", "after")]
    place = [("after", after)] if after else []
    return f"{call.path}?{urlencode([*others, ('limit', limit), *place])}"
