"""An event that a project file declares, kept as the platform keeps one that began."""

from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import JsonValue

from deputize.domain.event import Event
from deputize.platform.embedded.targets import Target, resolve
from deputize.project import ids
from deputize.project.sections.people import EventSection
from deputize.store import Transaction


async def keep_declared_event(tx: Transaction, section: EventSection, people: dict[str, str]) -> None:
    """Keep the event of *section*, and to whom it is sent: those of its recipients who are there."""
    event = await _declared_event(tx, section, people)
    await tx.events.add(event)
    targets = [Target(key=name) for name in section.recipients]
    # Whoever writes the file sends to whomever they like.
    told = await resolve(tx, targets, may=lambda _whom: True)
    await tx.recipients.add(event.id, told.recipients)


async def _declared_event(tx: Transaction, section: EventSection, people: dict[str, str]) -> Event:
    """Return the event of *section*; its id is a number or a UUID, and the other one is made."""
    uuid = _uuid(section.id)
    plan, _, form = section.form.rpartition("/")
    properties: dict[str, JsonValue] = {}
    for name, value in section.properties.items():
        properties[name] = value if isinstance(value, str | int | float) else list(value)
    return Event(
        id=uuid or str(uuid5(NAMESPACE_URL, f"event:{section.id}")),
        number=section.id if uuid is None else await tx.events.next_number(),
        submitter_id=people[section.initiator],
        submitter_name=section.initiator,
        via="project",
        status=section.status,
        form=form,
        form_id=ids.form_id(plan, form) if plan else None,
        plan_id=ids.plan_id(plan) if plan else None,
        priority="MEDIUM",
        created=tx.now,
        properties=properties,
        recipients=section.recipients,
        request_id=None,
    )


def _uuid(text: str) -> str | None:
    try:
        parsed = str(UUID(text))
    except ValueError:
        return None
    return parsed if parsed == text.lower() else None
