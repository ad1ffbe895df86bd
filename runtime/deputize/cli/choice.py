"""A value of a closed list, as people write it."""

from collections.abc import Iterable
from difflib import get_close_matches

import typer


def one_of(text: str | None, known: Iterable[str], *, option: str) -> str | None:
    """Return the one of *known* that *text* is, in capitals or not. Anything else is a usage error."""
    if text is None:
        return None
    by_folded = {str(each).casefold(): str(each) for each in known}
    found = by_folded.get(text.casefold())
    if found is None:
        nearest = get_close_matches(text.casefold(), by_folded, n=1)
        hint = f' Did you mean "{by_folded[nearest[0]]}"?' if nearest else ""
        listed = ", ".join(by_folded.values())
        raise typer.BadParameter(f'"{text}" is none of {listed}.{hint}', param_hint=option)
    return found
