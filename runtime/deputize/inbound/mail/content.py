"""What a message gives its form: subject and text, and the lines ``Name: value`` at the head of the text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeGuard, get_args

from deputize.domain.event import Priority
from deputize.errors import shown
from deputize.inbound.mail.errors import MessageInvalid
from deputize.inbound.mail.message import MailMessage

SUBJECT: Final = "Subject"
BODY: Final = "Body"
_LINE: Final = re.compile(r"([A-Za-z][^:\n]{0,99}):(?:[ \t]+([^\n]*)|[ \t]*)")
_MOST_LINES: Final = 200
_BETWEEN: Final = re.compile("[,;]")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailContent:
    """What is sent with the form."""

    properties: Mapping[str, str]
    recipients: tuple[str, ...]
    priority: Priority


def content_of(message: MailMessage) -> MailContent:
    """Return what *message* gives its form; raises ``MessageInvalid`` where its head contradicts itself."""
    head, body = _divided(message.text.strip("\n"))
    properties = {SUBJECT: message.subject, BODY: body.strip()}
    recipients: tuple[str, ...] = ()
    priority: Priority = "MEDIUM"
    for name, value in head.items():
        match name.lower():
            case "recipients":
                recipients = tuple(filter(None, (each.strip() for each in _BETWEEN.split(value))))
            case "priority":
                priority = _priority(value)
            case _:
                properties[name] = value
    return MailContent(properties=properties, recipients=recipients, priority=priority)


def _divided(text: str) -> tuple[dict[str, str], str]:
    """Return the head of *text* and the rest.

    The lines up to the first empty one are a head when each of them is ``Name: value``; else there is none.
    """
    lines = text.split("\n")
    end = next((number for number, line in enumerate(lines) if not line.strip()), len(lines))
    found = [_LINE.fullmatch(line.strip()) for line in lines[: min(end, _MOST_LINES + 1)]]
    if end == 0 or end > _MOST_LINES or any(each is None for each in found):
        return {}, text
    head: dict[str, str] = {}
    seen: set[str] = set()
    for each in found:
        assert each is not None  # noqa: S101 - looked at above
        name, value = each[1].strip(), (each[2] or "").strip()
        if name.lower() in seen:
            raise MessageInvalid(f'The line "{shown(name)}:" stands in the head of the text more than once.')
        seen.add(name.lower())
        head[name] = value
    return head, "\n".join(lines[end + 1 :])


def _priority(value: str) -> Priority:
    given = value.upper()
    if not _is_priority(given):
        raise MessageInvalid(f'The priority is "{shown(value)}"; it must be HIGH, MEDIUM or LOW.')
    return given


def _is_priority(value: str) -> TypeGuard[Priority]:
    return value in get_args(Priority)
