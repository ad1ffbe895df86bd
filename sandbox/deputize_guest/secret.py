"""What stands for a secret in a script, and how it crosses the wall: by its name, never its value."""

from typing import Final, Self

#: The key of the object that a secret is on the wire.
KEY: Final = "$secret"
_MARK: Final = "‹secret:"


class Secret:
    """Stands for a secret where the host puts the value in: a header, a parameter, a body.

    Text can be joined to it: ``"Bearer " + secrets["token"]``. Shown, it is its name.
    """

    __slots__ = ("_after", "_before", "_name")

    def __init__(self, name: str, before: str = "", after: str = "") -> None:
        self._name = name
        self._before = before
        self._after = after

    def __add__(self, text: object) -> "Secret":
        if not isinstance(text, str):
            return NotImplemented
        return Secret(self._name, self._before, self._after + str.__str__(text))

    def __radd__(self, text: object) -> "Secret":
        if not isinstance(text, str):
            return NotImplemented
        return Secret(self._name, str.__str__(text) + self._before, self._after)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and wire_form(self) == wire_form(other)

    def __hash__(self) -> int:
        return hash((self._name, self._before, self._after))

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __repr__(self) -> str:
        return f"{self._before}{_MARK}{self._name}›{self._after}"


def wire_form(secret: Secret) -> dict[str, str]:
    """Return what the host reads: the name, and the texts around the value where there are any."""
    around = {"before": secret._before, "after": secret._after}  # noqa: SLF001 - of this module
    return {KEY: secret._name, **{side: text for side, text in around.items() if text}}  # noqa: SLF001 - as above


def shows_a_secret(text: str) -> bool:
    """Return whether *text* holds what a secret looks like when it is shown."""
    return _MARK in text
