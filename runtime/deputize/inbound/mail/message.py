"""Reads a message: who sent it, to which addresses, its subject, its text, and what is attached.

Theory of operation. The bytes are hostile. What makes the parser slow – depth, very many lines or fields,
long fields that are parsed further – is bounded before it sees them. The structure is read with the
standard library's oldest policy, which parses no field that is not asked for. ``From`` alone is read by
the whole grammar, and by it exactly one address must come out: it says as whom things are done. Where it
was sent to only chooses a form, so those fields are taken apart at their separators.
"""

import email
import email.errors
import email.headerregistry
import email.policy
import re
from dataclasses import dataclass
from email.message import Message
from typing import Final

from deputize.inbound.mail.errors import MessageInvalid
from deputize.inbound.mail.text import text_of

#: Bytes of a message.
MOST_BYTES: Final = 1024 * 1024
_MOST_LINES: Final = 50_000
_MOST_FIELDS: Final = 1_000
#: Parts that hold others, and parts altogether.
_DEEPEST: Final = 10
_MOST_PARTS: Final = 100
#: Characters of a field that is parsed further.
_LONGEST_FIELD: Final = 2_000
_LONGEST_ID: Final = 1_000
#: Where a message was sent to, the envelope's addresses first.
_TO: Final = ("X-Original-To", "Delivered-To", "To")
_MOST_ADDRESSES: Final = 100

_HOLDS_OTHERS: Final = re.compile(rb"^content-type:\s*(?:multipart|message)/", re.IGNORECASE | re.MULTILINE)
_ABOUT_CONTENT: Final = re.compile(
    rb"^content-[a-z-]+:[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE
)
_SEPARATORS: Final = re.compile(r"""[\s<>,;:"'()\[\]]+""")
_FOLD: Final = re.compile(r"\r?\n")


#: What the standard library raises, somewhere inside, on bytes that are no message.
_PARSER_FAULTS: Final = (
    email.errors.MessageError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailMessage:
    """A message that has been read."""

    #: The one address in From, in lower case.
    sender: str
    #: The addresses that it was sent to, in the order in which they count, in lower case.
    addresses: tuple[str, ...]
    subject: str
    text: str
    #: What else it holds, by name or type; none of it is used.
    attachments: tuple[str, ...]
    #: As it stands in Message-ID; empty where there is none.
    message_id: str


def read_message(content: bytes) -> MailMessage:
    """Return what *content* says; raises ``MessageInvalid``."""
    lines = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    _refuse_beyond_bounds(lines)
    try:
        message = email.message_from_bytes(lines, policy=email.policy.compat32)
        found = text_of(message, most_parts=_MOST_PARTS)
    except _PARSER_FAULTS as error:
        raise MessageInvalid("This is no message of RFC 5322 and MIME.") from error
    if len(message.keys()) > _MOST_FIELDS:
        raise MessageInvalid(f"The message has more than {_MOST_FIELDS} header fields.")
    _refuse_automatic(message)
    return MailMessage(
        sender=_sender(message),
        addresses=_addresses(message),
        subject=_subject(message),
        text=found.text,
        attachments=found.attachments,
        message_id=_one_line(message, "Message-ID")[:_LONGEST_ID],
    )


def _refuse_beyond_bounds(lines: bytes) -> None:
    if len(lines) > MOST_BYTES:
        raise MessageInvalid(f"The message has more than {MOST_BYTES} bytes.")
    if lines.count(b"\n") > _MOST_LINES:
        raise MessageInvalid(f"The message has more than {_MOST_LINES} lines.")
    if sum(1 for _ in _HOLDS_OTHERS.finditer(lines)) > _DEEPEST:
        raise MessageInvalid(f"More than {_DEEPEST} of the message's parts hold other parts.")
    if any(len(each[0]) > _LONGEST_FIELD for each in _ABOUT_CONTENT.finditer(lines)):
        raise MessageInvalid(
            f"A field about the message's content has more than {_LONGEST_FIELD} characters."
        )


def _refuse_automatic(message: Message) -> None:
    """Refuse what a mail program answers by itself: its sender did not mean to start anything."""
    kind = _one_line(message, "Auto-Submitted").partition(";")[0].strip().lower()
    if kind == "auto-replied":
        raise MessageInvalid("The message is an automatic answer (Auto-Submitted: auto-replied).")


def _sender(message: Message) -> str:
    values = message.get_all("From", [])
    if len(values) != 1:
        raise MessageInvalid(
            f"The message has {len(values)} fields From; it must have one, with one address."
        )
    field = _one_line(message, "From")
    parsed = _parsed("From", field)
    groups = parsed.groups if isinstance(parsed, email.headerregistry.AddressHeader) else ()
    addresses = [address for group in groups for address in group.addresses]
    if len(addresses) != 1 or any(group.display_name is not None for group in groups):
        raise MessageInvalid(f"From names {len(addresses)} addresses; it must name exactly one.")
    spec = addresses[0].addr_spec
    # An address that is not there as it is read was put together from encoded words or comments.
    if not spec.isascii() or spec.count("@") != 1 or spec not in field:
        raise MessageInvalid("The address in From is not a plain one, such as dana@example.org.")
    return spec.lower()


def _subject(message: Message) -> str:
    parsed = _parsed("Subject", _one_line(message, "Subject"))
    text = str(parsed).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    # An encoded word may hold one.
    return text.replace("\0", "\ufffd").strip()


def _parsed(name: str, value: str) -> object:
    if len(value) > _LONGEST_FIELD:
        raise MessageInvalid(f"{name} has more than {_LONGEST_FIELD} characters.")
    try:
        return email.policy.default.header_factory(name, value)
    except _PARSER_FAULTS as error:
        raise MessageInvalid(f"{name} cannot be read.") from error


def _addresses(message: Message) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in _TO:
        for value in message.get_all(name, []):
            for each in _SEPARATORS.split(str(value)):
                if each.count("@") == 1 and each.isascii():
                    found.setdefault(each.lower())
    return tuple(found)[:_MOST_ADDRESSES]


def _one_line(message: Message, name: str) -> str:
    """Return the first field of that name, unfolded; empty where there is none.

    Bytes beyond ASCII, which no field may have, are read as UTF-8.
    """
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
    text = _FOLD.sub("", raw).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return text.replace("\0", "\ufffd").strip()
