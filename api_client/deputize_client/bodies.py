"""The bodies that a request may have, encoded only when the secrets in them are known."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import quote_plus, urlencode

from pydantic import JsonValue

from deputize_client.references import Fill, JsonTemplate, SecretReference, Text, mark, unquoted


@dataclass(frozen=True, slots=True)
class JsonBody:
    """A value that is sent as JSON, in UTF-8."""

    value: JsonTemplate

    def references(self) -> Iterator[SecretReference]:
        """Yield every reference in the value."""
        return _references(self.value)

    def encoded(self, fill: Fill) -> bytes:
        """Return the body. Raises ``ValueError`` for what JSON or UTF-8 cannot hold."""
        value = _filled(self.value, fill)
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()

    def shown(self) -> bytes:
        """Return the body with a mark for each secret."""
        return self.encoded(mark)


@dataclass(frozen=True, slots=True)
class FormBody:
    """Fields that are sent as ``application/x-www-form-urlencoded``."""

    fields: tuple[tuple[str, Text], ...]

    def references(self) -> Iterator[SecretReference]:
        """Yield every reference in the fields."""
        return (value for _, value in self.fields if isinstance(value, SecretReference))

    def encoded(self, fill: Fill) -> bytes:
        """Return the body. Raises ``ValueError`` for what UTF-8 cannot hold."""
        return urlencode([(name, filled(value, fill)) for name, value in self.fields]).encode()

    def shown(self) -> bytes:
        """Return the body with a mark for each secret, the marks readable."""
        return unquoted(self.encoded(mark).decode(), self.references(), quote_plus).encode()


@dataclass(frozen=True, slots=True)
class TextBody:
    """A text that is sent as it is, in UTF-8."""

    text: Text

    def references(self) -> Iterator[SecretReference]:
        """Yield the reference, if it is one."""
        return iter([self.text] if isinstance(self.text, SecretReference) else [])

    def encoded(self, fill: Fill) -> bytes:
        """Return the body. Raises ``ValueError`` for what UTF-8 cannot hold."""
        return filled(self.text, fill).encode()

    def shown(self) -> bytes:
        """Return the body with a mark for the secret."""
        return self.encoded(mark)


Body: TypeAlias = JsonBody | FormBody | TextBody


def filled(text: Text, fill: Fill) -> str:
    """Return *text*, or what *fill* puts in its place."""
    return fill(text) if isinstance(text, SecretReference) else text


def _references(value: JsonTemplate) -> Iterator[SecretReference]:
    match value:
        case SecretReference():
            yield value
        case dict():
            for each in value.values():
                yield from _references(each)
        case list():
            for each in value:
                yield from _references(each)
        case _:
            return


def _filled(value: JsonTemplate, fill: Fill) -> JsonValue:
    match value:
        case SecretReference():
            return fill(value)
        case dict():
            return {name: _filled(each, fill) for name, each in value.items()}
        case list():
            return [_filled(each, fill) for each in value]
        case _:
            return value
