"""The scope that a client asks for, read and bounded (RFC 6749 §3.3)."""

from typing import Final

from deputize.domain.scope import SCOPES, Scope
from deputize.oauth.refusals import Refusal

_LONGEST: Final = 200


def read_scope(text: str | None, *, most: Scope) -> Scope | Refusal:
    """Return the scope that *text* names; without one *most*, which it must not go beyond."""
    if text is None:
        wanted = most
    else:
        wanted = frozenset(text.split(" ")) if len(text) <= _LONGEST else frozenset({text})
    if wanted and wanted <= most:
        return wanted
    return Refusal(
        error="invalid_scope",
        description=f"What can be granted here is {written(most) or 'nothing'}; name no more than that.",
    )


def written(scope: Scope) -> str:
    """Return *scope* as OAuth writes it, in an order that stays."""
    return " ".join(each for each in sorted(SCOPES) if each in scope)
