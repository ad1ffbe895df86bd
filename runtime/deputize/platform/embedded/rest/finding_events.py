"""Finds the event that a request is about, and asks whether the actor may do there what they want."""

from deputize.domain.event import Event
from deputize.platform.embedded.event_permissions import read_event, use_event
from deputize.platform.embedded.rest.call import Call
from deputize.platform.embedded.rest.problems import not_found


async def readable_event(call: Call, key: str) -> Event:
    """Return the event whose id or number is *key*; raises the 404, and the 403 for one not to be read."""
    event = await find_event(call, key)
    supervised = await call.store.supervisors.supervised_by(call.actor.id)
    call.require(read_event(call.rules, call.holder, event, supervised=supervised))
    return event


async def usable_event(call: Call, key: str) -> Event:
    """Return the event whose id or number is *key*; raises the 404, and the 403 for one not to be changed."""
    event = await find_event(call, key)
    call.require(use_event(call.rules, call.holder, event))
    return event


async def find_event(call: Call, key: str) -> Event:
    """Return the event whose id or number is *key*; raises the 404."""
    event = await call.store.events.get(key)
    if event is None:
        raise not_found("event", key)
    return event
