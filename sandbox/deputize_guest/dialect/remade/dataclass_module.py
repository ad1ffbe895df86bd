"""``dataclasses``: Python's own, but that no script holds a field that it could rename.

Python makes a class's methods out of text that holds the names of its fields, and reads these attributes
on a script's behalf. A script gets what describes a field, and copies of it; the fields themselves are made
at the last moment and stay inside.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Mapping
from inspect import get_annotations
from typing import Any, Final

from deputize_guest.dialect import kinds
from deputize_guest.dialect.remade.copy_module import deepcopy
from deputize_guest.private_names import shown


class FieldOptions:
    """What ``field(…)`` gives: the options of a field that does not exist yet."""

    __slots__ = ("_options",)

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._options = options

    def __repr__(self) -> str:
        return f"field({', '.join(f'{name}={value!r}' for name, value in self._options.items())})"


@dataclasses.dataclass(frozen=True, slots=True)
class Field:
    """What ``fields`` tells of a field."""

    name: str
    type: Any
    default: Any
    default_factory: Any
    init: bool
    repr: bool
    hash: bool | None
    compare: bool
    metadata: Mapping[Any, Any]
    kw_only: Any


def field(**options: Any) -> Any:
    """Return the description of a field, with the options of Python's ``field``."""
    dataclasses.field(**options)
    return FieldOptions(options)


def dataclass(cls: type | None = None, /, **options: Any) -> Any:
    """Make a class of the script a dataclass, with the options of Python's decorator."""
    make: Callable[[type], type] = dataclasses.dataclass(**options)

    def apply(cls: type) -> type:
        if not issubclass(type(cls), type) or not kinds.is_own(cls):
            raise TypeError("a dataclass is made of a class of your own")
        annotated = get_annotations(cls)
        for name, value in list(vars(cls).items()):
            if isinstance(value, FieldOptions):
                if name not in annotated:
                    raise TypeError(f"{shown(name)!r} is a field but has no type annotation")
                setattr(cls, name, dataclasses.field(**value._options))  # noqa: SLF001 - of this module
        return make(cls)

    return apply if cls is None else apply(cls)


def fields(value: Any) -> tuple[Field, ...]:
    """Return what there is to know about the fields of a dataclass, or of an instance of one."""
    cls = value if isinstance(value, type) else type(value)
    return tuple(
        Field(
            shown(each.name),
            each.type,
            each.default,
            each.default_factory,
            each.init,
            each.repr,
            each.hash,
            each.compare,
            each.metadata,
            each.kw_only,
        )
        for each in dataclasses.fields(cls)
    )


def asdict(value: Any, *, dict_factory: Callable[[list[tuple[str, Any]]], Any] = dict) -> Any:
    """Return the fields of an instance as a dict, and those of the instances in it."""
    _check_instance(value, "asdict")
    return _inner(value, lambda cls, pairs: dict_factory(pairs))


def astuple(value: Any, *, tuple_factory: Callable[[list[Any]], Any] = tuple) -> Any:
    """Return the fields of an instance as a tuple, and those of the instances in it."""
    _check_instance(value, "astuple")
    return _inner(value, lambda cls, pairs: tuple_factory([each for _, each in pairs]))


def replace(value: Any, /, **changes: Any) -> Any:
    """Return a new instance with some fields changed."""
    _check_instance(value, "replace")
    return dataclasses.replace(value, **changes)


def _inner(value: Any, factory: Callable[[type, list[tuple[str, Any]]], Any]) -> Any:
    cls = type(value)
    if dataclasses.is_dataclass(cls):
        pairs = [(shown(f.name), _inner(getattr(value, f.name), factory)) for f in dataclasses.fields(cls)]
        return factory(cls, pairs)
    if isinstance(value, tuple) and hasattr(cls, "_fields"):
        return cls(*[_inner(each, factory) for each in value])
    if isinstance(value, list | tuple):
        return cls([_inner(each, factory) for each in value])
    if isinstance(value, dict):
        pairs = [(_inner(key, factory), _inner(each, factory)) for key, each in value.items()]
        return cls(value.default_factory, pairs) if isinstance(value, defaultdict) else cls(pairs)
    return deepcopy(value)


def _check_instance(value: Any, function: str) -> None:
    if isinstance(value, type) or not dataclasses.is_dataclass(type(value)):
        raise TypeError(f"{function}() should be called on dataclass instances")


MEMBERS: Final = {
    "dataclasses": {
        "FrozenInstanceError": dataclasses.FrozenInstanceError,
        "InitVar": dataclasses.InitVar,
        "KW_ONLY": dataclasses.KW_ONLY,
        "MISSING": dataclasses.MISSING,
        "asdict": asdict,
        "astuple": astuple,
        "dataclass": dataclass,
        "field": field,
        "fields": fields,
        "is_dataclass": dataclasses.is_dataclass,
        "replace": replace,
    }
}
