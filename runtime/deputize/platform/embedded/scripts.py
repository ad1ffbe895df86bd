"""What the platform must be told to take scripts: whether they can be run."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A script that somebody wants to save, as it would be run."""

    #: As what is said of it names it.
    name: str
    source: str = field(repr=False)
    #: ``inbound`` or the kind of callback; None for a shared library, which has no ``main``.
    trigger: str | None
    has_form: bool = False
    #: The shared libraries that it may import: names and sources.
    shared: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    #: Names of the endpoints that it may call.
    endpoints: frozenset[str] = frozenset()


class ScriptCheck(Protocol):
    """Knows what is wrong with a script, without running any of it."""

    async def __call__(self, draft: Draft) -> Sequence[str]:
        """Return a sentence for each fault of *draft*; none when it can be run."""
        ...
