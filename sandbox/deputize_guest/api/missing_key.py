"""The KeyError of the API's mappings, which says what there is instead."""

from collections.abc import Iterable
from difflib import get_close_matches


class MissingKey(KeyError):
    """A key that is not there. Its text is the message as it is, where Python's is the key's ``repr``."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


# The name that scripts know: in a traceback and in a log it is a KeyError.
MissingKey.__name__ = MissingKey.__qualname__ = "KeyError"


def missing_key(message: str, key: object, known: Iterable[str]) -> MissingKey:
    """Return the error for *key*, with the nearest of *known*."""
    near = get_close_matches(str(key), list(known), n=1)
    hint = f'; did you mean "{near[0]}"?' if near else ""
    return MissingKey(f'{message} "{key}"{hint}')
