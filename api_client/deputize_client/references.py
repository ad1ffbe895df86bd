"""Secrets that a caller may name and never sees: where they stand in a request, and where they may go."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from deputize_client.credentials import MissingSecret, Secret


@dataclass(frozen=True, slots=True)
class SecretReference:
    """Stands in a request where the value of a secret goes, with text before and after it."""

    name: str
    before: str = ""
    after: str = ""

    def around(self, value: str) -> str:
        """Return *value* between the texts."""
        return f"{self.before}{value}{self.after}"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardedSecret:
    """A secret that a caller may name, and the endpoints that it may be sent to."""

    secret: Secret | MissingSecret
    endpoints: frozenset[str]


#: A text of a request, or what stands for one.
Text: TypeAlias = str | SecretReference

#: JSON in which a text may be a reference. Keys are plain.
JsonTemplate: TypeAlias = "dict[str, JsonTemplate] | list[JsonTemplate] | Text | int | float | bool | None"

#: Turns a reference into the text that stands in its place.
Fill: TypeAlias = Callable[[SecretReference], str]


def mark(reference: SecretReference) -> str:
    """Return what is shown in the place of a secret."""
    return reference.around(_plain(reference))


def unquoted(text: str, references: Iterable[SecretReference], quote: Callable[[str], str]) -> str:
    """Return *text*, in which marks stand as *quote* writes them, with the marks readable."""
    for each in references:
        text = text.replace(quote(_plain(each)), _plain(each))
    return text


def _plain(reference: SecretReference) -> str:
    return f"‹secret:{reference.name}›"
