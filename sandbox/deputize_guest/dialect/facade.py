"""What ``import`` gives a script: the safe names of a module, and nothing of the module itself."""

from collections.abc import Mapping
from typing import Any, NoReturn, Self


class Facade:
    """A read-only set of named values.

    It has no ``__name__``: an ``import from`` that misses a name would look for the module of that name
    among the interpreter's own. Values stand in the instance's dict, where the interpreter reads them
    as fast as from a module.
    """

    def __init__(self, name: str, members: Mapping[str, Any]) -> None:
        self.__dict__.update(members)
        self.__dict__["_module"] = name

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{self!r} is read-only")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{self!r} is read-only")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __repr__(self) -> str:
        return f"<module {self.__dict__['_module']}>"


# What it is to scripts, in the messages of the interpreter.
Facade.__name__ = Facade.__qualname__ = "module"


class Library:
    """What ``from shared import`` gives: the names of a library as they are now, read-only."""

    __slots__ = ("__dict__", "_library")

    def __init__(self, name: str, names: dict[str, Any]) -> None:
        object.__setattr__(self, "_library", name)
        object.__setattr__(self, "__dict__", names)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{self!r} is read-only")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{self!r} is read-only")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __repr__(self) -> str:
        return f"<shared library {object.__getattribute__(self, '_library')}>"


Library.__name__ = Library.__qualname__ = "module"


def public_names(facade: Facade | Library) -> frozenset[str]:
    """Return the names that a script may read."""
    return frozenset(filter(is_public, vars(facade)))


def is_public(name: str) -> bool:
    """Return whether *name*, of a facade or a library, is meant for scripts."""
    return name.isidentifier() and not name.startswith("_")
