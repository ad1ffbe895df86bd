"""Who may do what to events on the embedded platform: pure decisions about values."""

from deputize.domain.decision import Denial, Grant
from deputize.domain.event import Event
from deputize.domain.functions import EVENTS
from deputize.platform.embedded.permissions import Holder, Rules


def read_event(
    rules: Rules, actor: Holder, event: Event, *, supervised: frozenset[str] = frozenset()
) -> Grant | Denial:
    """Decide whether *actor* may read *event*: its submitter, their supervisors, the function ``events``.

    *supervised* are the ids of those whose supervisor *actor* is.
    """
    if event.submitter_id in supervised:
        return Grant(reason=f"{actor.name} supervises the submitter of event {event.number}")
    return use_event(rules, actor, event)


def whose_events(rules: Rules, actor: Holder, *, supervised: frozenset[str]) -> frozenset[str] | None:
    """Return the ids of those whose events ``read_event`` lets *actor* read; None: everybody's."""
    need = f"function {EVENTS}"
    everybodys = rules.decide(
        actor, "read events", lambda authority: () if authority.has(EVENTS) else (need,)
    )
    return None if isinstance(everybodys, Grant) else supervised | {actor.id}


def use_event(rules: Rules, actor: Holder, event: Event) -> Grant | Denial:
    """Decide whether *actor* may change or annotate *event*: its submitter, and the function ``events``."""
    if actor.id == event.submitter_id:
        return Grant(reason=f"{actor.name} is the submitter of event {event.number}")
    need = f"function {EVENTS}, or being the submitter of event {event.number}"
    return rules.decide(
        actor,
        f"use event {event.number}",
        lambda authority: () if authority.has(EVENTS) else (need,),
        others=(event.submitter_name,),
    )


def answer_event(
    rules: Rules, actor: Holder, event: Event, *, recipient_id: str, recipient: str
) -> Grant | Denial:
    """Decide whether *actor* may record what a recipient of *event* answered, or was told.

    The recipient may, and whoever has the function ``events``: the service that tells people.
    """
    if actor.id == recipient_id:
        return Grant(reason=f"{actor.name} is the one who answers")
    need = f"function {EVENTS}, or being {recipient}"
    return rules.decide(
        actor,
        f"record what {recipient} answers to event {event.number}",
        lambda authority: () if authority.has(EVENTS) else (need,),
        others=(recipient,),
    )


def record_event(rules: Rules, actor: Holder, event: Event) -> Grant | Denial:
    """Decide whether *actor* may record what became of *event*: the function ``events``."""
    return rules.decide(
        actor,
        f"record what became of event {event.number}",
        lambda authority: () if authority.has(EVENTS) else (f"function {EVENTS}",),
    )
