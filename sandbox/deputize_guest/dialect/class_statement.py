"""What the interpreter calls for a class statement of a script."""

import builtins
from collections.abc import Callable
from typing import Any

#: Objects that are no classes and may stand among the bases of one.
_STAND_INS: list[Any] = []


def build_class(body: Callable[[], Any], name: str, /, *bases: Any) -> type:
    """Make a class, of classes only.

    With another object among the bases Python would call the type of that object with a namespace of the
    script's; with a subclass of ``type`` the class would be a metaclass.
    """
    for base in bases:
        if not any(base is each for each in _STAND_INS):
            _check(base)
    made: type = builtins.__build_class__(body, name, *bases)
    return made


def accept_base(stand_in: Any) -> None:
    """Let *stand_in*, which knows by ``__mro_entries__`` what it stands for, be a base."""
    _STAND_INS.append(stand_in)


def _check(base: Any) -> None:
    if not issubclass(type(base), type):
        raise TypeError(f"a class inherits from classes, not from a value of type {type(base).__name__}")
    if issubclass(base, type):
        raise TypeError("a class of classes (a metaclass) is not available")
