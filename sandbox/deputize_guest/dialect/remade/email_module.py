"""``email``: reading messages. A script gets views whose values are texts, bytes and views."""

import email
import email.generator
import email.header
import email.message
import email.policy
import email.utils
from collections.abc import Iterator, Sequence
from typing import Any, Final

from deputize_guest import script_time


class Message:
    """A message, or a part of one. Read-only; headers are texts, by name in any case."""

    __slots__ = ("_message",)

    def __init__(self, message: email.message.EmailMessage) -> None:
        self._message = message

    def __getitem__(self, name: str) -> Any:
        return self.get(name)

    def __contains__(self, name: str) -> bool:
        return name in self._message

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __len__(self) -> int:
        return len(self._message)

    def keys(self) -> list[str]:
        """Return the names of all headers."""
        return [str(name) for name in self._message.keys()]  # noqa: SIM118 - no mapping: names repeat

    def values(self) -> list[str]:
        """Return the values of all headers."""
        return [str(value) for value in self._message.values()]

    def items(self) -> list[tuple[str, str]]:
        """Return all headers."""
        return list(zip(self.keys(), self.values(), strict=True))

    def get(self, name: str, default: Any = None) -> Any:
        """Return the first header *name*, or *default*."""
        value = self._message.get(name)
        return default if value is None else str(value)

    def get_all(self, name: str, default: Any = None) -> Any:
        """Return every header *name*, or *default* when there is none."""
        values = self._message.get_all(name)
        return default if values is None else [str(value) for value in values]

    def is_multipart(self) -> bool:
        """Return whether there are parts."""
        return self._message.is_multipart()

    def is_attachment(self) -> bool:
        """Return whether this part is meant to be kept apart from the text."""
        return self._message.is_attachment()

    def walk(self) -> Iterator["Message"]:
        """Yield this part and all parts in it."""
        return map(_view, self._message.walk())

    def iter_parts(self) -> Iterator["Message"]:
        """Yield the parts."""
        return map(_view, self._message.iter_parts())

    def iter_attachments(self) -> Iterator["Message"]:
        """Yield the attachments."""
        return map(_view, self._message.iter_attachments())

    def get_body(self, preferencelist: Sequence[str] = ("related", "html", "plain")) -> "Message | None":
        """Return the part that is the text, by preference."""
        body = self._message.get_body(preferencelist)
        return None if body is None else _view(body)

    def get_content(self) -> Any:
        """Return a text, the bytes of another kind, or the message that this part holds."""
        content = self._message.get_content()
        if isinstance(content, email.message.Message):
            return _view(content)
        return content if isinstance(content, bytes) else str(content)

    def get_payload(self, i: int | None = None, decode: bool = False) -> Any:
        """Return the parts, or the text as it was sent; with *decode*, its bytes."""
        if not self.is_multipart():
            payload: Any = self._message
            return payload.get_payload(decode=decode)
        parts = [_view(each) for each in self._message.iter_parts()]
        if decode:
            return None
        return parts if i is None else parts[i]

    def get_content_type(self) -> str:
        """Return the content type, such as ``text/plain``."""
        return self._message.get_content_type()

    def get_content_maintype(self) -> str:
        """Return the content type's first half."""
        return self._message.get_content_maintype()

    def get_content_subtype(self) -> str:
        """Return the content type's second half."""
        return self._message.get_content_subtype()

    def get_content_charset(self, failobj: Any = None) -> Any:
        """Return the charset, or *failobj*."""
        return self._message.get_content_charset(failobj)

    def get_content_disposition(self) -> str | None:
        """Return ``inline``, ``attachment``, or None."""
        return self._message.get_content_disposition()

    def get_filename(self, failobj: Any = None) -> Any:
        """Return the name of the file that this part was, or *failobj*."""
        return self._message.get_filename(failobj)

    def get_boundary(self, failobj: Any = None) -> Any:
        """Return what separates the parts, or *failobj*."""
        return self._message.get_boundary(failobj)

    @property
    def preamble(self) -> str | None:
        """The text before the first part."""
        return self._message.preamble

    @property
    def epilogue(self) -> str | None:
        """The text after the last part."""
        return self._message.epilogue

    @property
    def defects(self) -> list[str]:
        """What is wrong with the message."""
        return [type(each).__name__ for each in self._message.defects]

    def as_string(self) -> str:
        """Return the message as text."""
        return self._message.as_string()

    def as_bytes(self) -> bytes:
        """Return the message as bytes."""
        return self._message.as_bytes()

    def __str__(self) -> str:
        return self.as_string()

    def __repr__(self) -> str:
        return f"<Message {self.get_content_type()}>"


class Policy:
    """Stands where Python takes a policy; there is one, the modern one."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<email policy>"


class Parser:
    """Parses texts."""

    __slots__ = ()

    def __init__(self, _class: None = None, *, policy: Policy | None = None) -> None:
        pass

    def parsestr(self, text: str) -> Message:
        """Return the message that *text* is."""
        return message_from_string(text)


class BytesParser:
    """Parses bytes."""

    __slots__ = ()

    def __init__(self, _class: None = None, *, policy: Policy | None = None) -> None:
        pass

    def parsebytes(self, text: bytes) -> Message:
        """Return the message that *text* is."""
        return message_from_bytes(text)


def message_from_string(s: str, *, policy: Policy | None = None) -> Message:
    """Return the message that a text is."""
    return _view(email.message_from_string(s, policy=email.policy.default))


def message_from_bytes(s: bytes, *, policy: Policy | None = None) -> Message:
    """Return the message that bytes are."""
    return _view(email.message_from_bytes(s, policy=email.policy.default))


def parsedate_to_datetime(data: str) -> script_time.datetime:
    """Return the moment that a Date header names."""
    return script_time.own(email.utils.parsedate_to_datetime(data))


def _view(message: Any) -> Message:
    return Message(message)


MEMBERS: Final = {
    "email": {"message_from_bytes": message_from_bytes, "message_from_string": message_from_string},
    "email.header": {"decode_header": email.header.decode_header},
    "email.parser": {"BytesParser": BytesParser, "Parser": Parser},
    "email.policy": {"default": Policy()},
    "email.utils": {
        **{name: getattr(email.utils, name) for name in ("formataddr", "getaddresses", "parseaddr")},
        **{name: getattr(email.utils, name) for name in ("format_datetime", "parsedate", "parsedate_tz")},
        "parsedate_to_datetime": parsedate_to_datetime,
    },
}
