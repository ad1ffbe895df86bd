"""The same start of a form once more: one event, and the same answer."""

from typing import Literal

from deputize.domain.event import Event
from deputize.domain.idempotency import RememberedRequest
from deputize.errors import RequestReused
from deputize.platform.embedded.rest.starting import FormStart, Started
from deputize.platform.embedded.rest.trigger_body import Trigger
from deputize.platform.interface import OneRequest
from deputize.store import Transaction


class CameTwice(Exception):
    """The same request was quicker in another transaction, whose event this one sees when it is done anew."""


async def start_once(
    start: FormStart, trigger: Trigger, request: OneRequest | None, *, by: Literal["form", "trigger"]
) -> Started:
    """Start the form, unless the same *request* of that person, in the same manner, has done so.

    *by* is a person with the ``form``, or a program with a ``trigger``. Raises ``RequestReused`` for another
    request under a key that is known, and ``CameTwice`` when the transaction is to be done anew.
    """
    if request is None:
        return await start.start(trigger)
    store = start.store
    # The same key of another person, or with another form, is another request.
    subject = f"{by}:{start.form.id}:{start.caller.person.id}"
    before = await store.idempotency.find(subject, request.key, now=store.now)
    event = None if before is None else await store.events.get(before.run_id)
    if before is not None and event is None:
        raise RequestReused(
            "The same key came before, and the event that it started is not there any more. A new request "
            "has a new key."
        )
    if before is not None and event is not None:
        if before.request_hash != request.content_hash:
            raise RequestReused(
                f"The same key came before with other content, which started event {event.number}. "
                "A new request has a new key."
            )
        return Started(
            event=event,
            request_id=event.request_id or event.id,
            runs=(),
            left_out=await _left_out(store, event),
            again=True,
        )
    started = await start.start(trigger)
    await store.idempotency.delete_expired(store.now)
    remembered = RememberedRequest(
        subject=subject,
        key=request.key,
        request_hash=request.content_hash,
        run_id=started.event.id,
        created=store.now,
    )
    if not await store.idempotency.reserve(remembered):
        raise CameTwice
    return started


async def _left_out(store: Transaction, event: Event) -> tuple[str, ...]:
    """Return the recipients whom *event* did not reach when it began."""
    for began in await store.events.audits(event.id, types=("EVENT_CREATED",)):
        names = began.detail.get("notSentTo")
        return tuple(str(each) for each in names) if isinstance(names, list) else ()
    return ()
