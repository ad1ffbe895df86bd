"""``collections``: Python's own, but that the names of a named tuple's fields are judged."""

import collections as standard
import collections.abc
from collections.abc import Iterable
from typing import Any, Final

from deputize_guest.dialect import kinds, names
from deputize_guest.private_names import MARK


def namedtuple(
    typename: str,
    field_names: str | Iterable[str],
    *,
    rename: bool = False,
    defaults: Iterable[Any] | None = None,
) -> type:
    """Return a new class of tuples with named fields.

    Python makes its methods out of text that holds the names, and patterns read attributes so named.
    """
    if type(field_names) is str:
        field_names = field_names.replace(",", " ").split()
    fields = list(field_names)
    for name in (typename, *fields):
        # Exactly a str: a subclass could answer otherwise when it is used than when it is judged.
        if type(name) is not str:
            raise TypeError(f"a name of a named tuple must be a text, not {type(name).__name__}")
        if name in names.REFUSED or MARK in name:
            raise ValueError(f"a field cannot be named {name!r}")
    return standard.namedtuple(  # noqa: PYI024 - this is what it is
        typename, fields, rename=rename, defaults=defaults, module=kinds.SCRIPT
    )


_ABSTRACT: Final = """
    Callable Collection Container Generator Hashable ItemsView Iterable Iterator KeysView Mapping
    MappingView MutableMapping MutableSequence MutableSet Reversible Sequence Set Sized ValuesView
"""

MEMBERS: Final = {
    "collections": {
        "ChainMap": standard.ChainMap,
        "Counter": standard.Counter,
        "OrderedDict": standard.OrderedDict,
        "defaultdict": standard.defaultdict,
        "deque": standard.deque,
        "namedtuple": namedtuple,
    },
    "collections.abc": {name: getattr(collections.abc, name) for name in _ABSTRACT.split()},
}
