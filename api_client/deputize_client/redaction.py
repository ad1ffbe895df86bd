"""Replaces secrets in texts, headers and JSON, and says what it replaced and where.

Two layers. By value: every registered secret in every form that ``encodings`` knows; found by plain
substring search, form by form, which is faster than one large alternation and lets overlapping finds
be merged so that no end of a second secret is left standing. By structure: what ``telling`` knows of the
secrets of others, which nobody registered.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import JsonValue

from deputize_client.credentials import Secret
from deputize_client.encodings import SHORTEST, forms
from deputize_client.messages import Headers
from deputize_client.substitution import replace_known
from deputize_client.telling import (
    REDACTED,
    carries_credential,
    is_field,
    is_header,
    is_mark,
    without_credentials,
)

#: Deeper JSON is not looked into, and so not kept.
_DEEPEST = 200


@dataclass(frozen=True, slots=True)
class Redaction:
    """One place where something was replaced."""

    #: A JSON Pointer into what was redacted; empty for the whole.
    path: str
    #: ``secret easyvista``, ``header Authorization``, ``field password``, ``query key token``.
    why: str


class Redactor:
    """Knows secrets by value. Registering one takes effect on everything redacted from then on."""

    def __init__(self) -> None:
        #: form -> name of its secret, the longest form first.
        self._text: dict[str, str] = {}
        self._bytes: dict[bytes, str] = {}

    def __repr__(self) -> str:
        return f"<Redactor of {len(set(self._text.values()))} secrets>"

    def register(self, secret: Secret) -> None:
        """Redact *secret* from now on; one shorter than 8 characters is not searched for by value."""
        if secret.reveal() in self._text:
            return
        new = {form: secret.name for form in forms(secret.reveal()) if form not in self._text}
        if new:
            known = {**self._text, **new}
            self._text = dict(sorted(known.items(), key=lambda item: -len(item[0])))
            self._bytes = {form.encode(): name for form, name in self._text.items()}

    def redact_text(self, text: str) -> tuple[str, list[Redaction]]:
        """Return *text* without secrets, also those that only their place tells, and what was replaced."""
        return self._text_at(text, "")

    def redact_values(self, text: str) -> tuple[str, list[Redaction]]:
        """Return *text* without registered secrets; its structure is not looked at."""
        clean, names = replace_known(text, self._text, _mark)
        return clean, [Redaction("", f"secret {name}") for name in names]

    def redact_bytes(self, content: bytes) -> tuple[bytes, list[Redaction]]:
        """Return *content* without registered secrets, the marks in UTF-8."""
        clean, names = replace_known(content, self._bytes, lambda name: _mark(name).encode())
        return clean, [Redaction("", f"secret {name}") for name in names]

    def redact_headers(self, headers: Iterable[tuple[str, str]]) -> tuple[Headers, list[Redaction]]:
        """Return *headers* without secrets; the values of headers that carry credentials go whole."""
        clean: list[tuple[str, str]] = []
        found: list[Redaction] = []
        for name, value in headers:
            path = "/" + _token(name)
            kept, redactions = self._text_at(value, path)
            if value and carries_credential(name) and not is_mark(kept):
                kept, redactions = REDACTED, [Redaction(path, f"header {name}")]
            clean.append((name, kept))
            found += redactions
        return tuple(clean), found

    def redact_json(self, value: JsonValue) -> tuple[JsonValue, list[Redaction]]:
        """Return *value* without secrets and what was replaced, by JSON Pointer.

        Keys are cleaned too. A key that is a header which carries credentials loses its value, and one
        that is a field which carries them its text.
        """
        found: list[Redaction] = []
        return self._json_at(value, "", found, 0), found

    def _json_at(self, value: JsonValue, path: str, found: list[Redaction], depth: int) -> JsonValue:
        if depth > _DEEPEST:
            found.append(Redaction(path, "nested too deeply"))
            return REDACTED
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, dict):
            return self._dict_at(value, path, found, depth)
        if isinstance(value, list):
            return self._list_at(value, path, found, depth)
        # A number may be a secret as well: a numeric token written without quotes.
        clean, redactions = self._text_at(str(value), path)
        found += redactions
        return clean if redactions else value

    def _list_at(
        self, value: list[JsonValue], path: str, found: list[Redaction], depth: int
    ) -> list[JsonValue]:
        match value:
            case [str() as name, str() as text] if is_header(name):
                return [name, self._credential_at(text, f"{path}/1", f"header {name}", found)]
        return [self._json_at(each, f"{path}/{index}", found, depth + 1) for index, each in enumerate(value)]

    def _dict_at(
        self, value: dict[str, JsonValue], path: str, found: list[Redaction], depth: int
    ) -> dict[str, JsonValue]:
        clean: dict[str, JsonValue] = {}
        for key, each in value.items():
            name, names = replace_known(key, self._text, _mark)
            below = f"{path}/{_token(name)}"
            found += [Redaction(below, f"secret {secret}, in the key") for secret in names]
            if is_header(key):
                clean[name] = self._credential_at(each, below, f"header {key}", found)
            elif isinstance(each, str) and is_field(key):
                clean[name] = self._credential_at(each, below, f"field {key}", found)
            else:
                clean[name] = self._json_at(each, below, found, depth + 1)
        return clean

    def _credential_at(self, value: JsonValue, path: str, why: str, found: list[Redaction]) -> JsonValue:
        if value is None or value == "":
            return value
        kept: JsonValue = value
        if isinstance(value, str):
            kept, redactions = self._text_at(value, path)
            if is_mark(kept):
                found += redactions
                return kept
        found.append(Redaction(path, why))
        return REDACTED

    def _text_at(self, text: str, path: str) -> tuple[str, list[Redaction]]:
        clean, names = replace_known(text, self._text, _mark) if len(text) >= SHORTEST else (text, [])
        clean, told = without_credentials(clean)
        whys = (*(f"secret {name}" for name in names), *told)
        return clean, [Redaction(path, why) for why in whys]


def _mark(name: str) -> str:
    return f"‹secret:{name}›"


def _token(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
