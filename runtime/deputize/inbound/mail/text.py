"""The text of a message: its plain part, or else its HTML without the tags; the rest is named only."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Final

from deputize.inbound.mail.errors import MessageInvalid
from deputize.inbound.mail.html_text import plain_text

#: Python's codecs of the charsets that messages come in. Others, some of which are slow or no charsets
#: at all, are not looked for.
_CODECS: Final[Mapping[str, str]] = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    # Bytes beyond ASCII under this name are UTF-8 nearly always.
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "latin1": "cp1252",
    "iso-8859-1": "cp1252",
    **{f"iso-8859-{number}": f"iso8859-{number}" for number in (*range(2, 12), *range(13, 17))},
    **{f"windows-{number}": f"cp{number}" for number in range(1250, 1259)},
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5",
    "shift_jis": "cp932",
    "iso-2022-jp": "iso-2022-jp",
    "euc-jp": "euc-jp",
    "euc-kr": "euc-kr",
    "utf-16": "utf-16",
}
_LONGEST_NAME: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundText:
    """What a message says, and what it holds beside."""

    text: str
    #: By file name, or else by type.
    attachments: tuple[str, ...]


def text_of(message: Message, *, most_parts: int) -> FoundText:
    """Return the text of *message*; raises ``MessageInvalid`` for too many parts and an unknown charset."""
    parts = list(_leaves(message))
    if len(parts) > most_parts:
        raise MessageInvalid(f"The message has more than {most_parts} parts.")
    plain = next((each for each in parts if _is_text(each, "text/plain")), None)
    html = next((each for each in parts if _is_text(each, "text/html")), None)
    attachments = tuple(_name(each) for each in parts if each is not plain and each is not html)
    if plain is not None:
        return FoundText(text=_decoded(plain), attachments=attachments)
    return FoundText(text="" if html is None else plain_text(_decoded(html)), attachments=attachments)


def _leaves(message: Message) -> Iterator[Message]:
    """Return the parts that hold no others, in their order; a message in a message is one of them."""
    waiting = [message]
    while waiting:
        each = waiting.pop()
        held = each.get_payload() if each.get_content_maintype() == "multipart" else None
        if isinstance(held, list):
            waiting += reversed([part for part in held if isinstance(part, Message)])
        else:
            yield each


def _is_text(part: Message, kind: str) -> bool:
    return part.get_content_type() == kind and part.get_content_disposition() != "attachment"


def _decoded(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    charset = str(part.get_content_charset() or "utf-8").strip().lower()
    codec = _CODECS.get(charset)
    if codec is None:
        raise MessageInvalid("The text of the message is in a charset that is not known here. Send UTF-8.")
    text = content.decode(codec, "replace").removeprefix("\ufeff").replace("\0", "\ufffd")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _name(part: Message) -> str:
    name = part.get_filename() or part.get_content_type()
    # Names are shown, and may come encoded, cut, or with what cannot be stored.
    shown = "".join(each if each.isprintable() else "\ufffd" for each in name)
    return shown if len(shown) <= _LONGEST_NAME else shown[:_LONGEST_NAME] + "…"
