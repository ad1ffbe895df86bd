"""``functools`` and ``operator``: Python's own, but that attributes named by a text pass the guard."""

import functools
import operator
from collections.abc import Callable
from types import FunctionType
from typing import Any, Final

from deputize_guest.dialect.attributes import script_getattr

_OPERATORS: Final = """
    abs add and_ call concat contains countOf delitem eq floordiv ge getitem gt iadd iand iconcat ifloordiv
    ilshift imatmul imod imul index indexOf inv invert ior ipow irshift is_ is_not isub itemgetter itruediv
    ixor le length_hint lshift lt matmul mod mul ne neg not_ or_ pos pow rshift setitem sub truediv truth
    xor
"""


class attrgetter:  # noqa: N801 - the name that scripts know
    """Reads one attribute or several, by names with dots."""

    __slots__ = ("_paths",)

    def __init__(self, name: str, *more: str) -> None:
        for each in (name, *more):
            if type(each) is not str:
                raise TypeError("the name of an attribute must be a text")
        self._paths = [each.split(".") for each in (name, *more)]

    def __call__(self, value: Any, /) -> Any:
        """Return the attribute, or a tuple of them."""
        found = tuple(functools.reduce(script_getattr, path, value) for path in self._paths)
        return found if len(found) > 1 else found[0]

    def __repr__(self) -> str:
        return f"operator.attrgetter({', '.join(repr('.'.join(path)) for path in self._paths)})"


class methodcaller:  # noqa: N801 - the name that scripts know
    """Calls a method by its name."""

    __slots__ = ("_arguments", "_keywords", "_name")

    def __init__(self, name: str, /, *arguments: Any, **keywords: Any) -> None:
        if type(name) is not str:
            raise TypeError("the name of a method must be a text")
        self._name = name
        self._arguments = arguments
        self._keywords = keywords

    def __call__(self, value: Any, /) -> Any:
        """Return what the method returns."""
        return script_getattr(value, self._name)(*self._arguments, **self._keywords)

    def __repr__(self) -> str:
        return f"operator.methodcaller({self._name!r})"


class cached_property:  # noqa: N801 - the name that scripts know
    """A property that is computed once; the instance keeps the value."""

    __slots__ = ("_function", "_name")

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self._function = function
        self._name: str | None = None

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = self._name or name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        if self._name is None:
            raise TypeError("a cached_property belongs to the body of a class")
        value = vars(instance)[self._name] = self._function(instance)
        return value


def wraps(wrapped: Any) -> Callable[[Any], Any]:
    """Give a function the name and the docstring of the one that it wraps."""

    def apply(wrapper: Any) -> Any:
        if type(wrapper) is FunctionType:
            for name in ("__name__", "__qualname__", "__doc__"):
                value = getattr(wrapped, name, None)
                if type(value) is str:
                    setattr(wrapper, name, value)
        return wrapper

    return apply


MEMBERS: Final = {
    "functools": {
        "cache": functools.cache,
        "cached_property": cached_property,
        "cmp_to_key": functools.cmp_to_key,
        "lru_cache": functools.lru_cache,
        "partial": functools.partial,
        "reduce": functools.reduce,
        "total_ordering": functools.total_ordering,
        "wraps": wraps,
    },
    "operator": {
        **{name: getattr(operator, name) for name in _OPERATORS.split()},
        "attrgetter": attrgetter,
        "methodcaller": methodcaller,
    },
}
