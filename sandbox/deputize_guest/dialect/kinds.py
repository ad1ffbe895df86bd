"""``type(x)`` for scripts: the kind of a value, where it leads nowhere else."""

from collections import ChainMap, Counter, OrderedDict, defaultdict, deque
from collections.abc import Mapping
from types import (
    BuiltinFunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodDescriptorType,
    MethodWrapperType,
    WrapperDescriptorType,
)
from typing import Any, Final

from deputize_guest.private_names import shown

#: ``__name__`` of every script, and so ``__module__`` of the classes that it makes.
SCRIPT: Final = "script"

#: What a class holds in its own right, for the interpreter's use.
DESCRIPTORS: Final = (
    BuiltinFunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodDescriptorType,
    MethodWrapperType,
    WrapperDescriptorType,
)

#: Classes that hold data, which scripts know by name or by writing a literal.
_DATA: set[type] = {
    *(
        bool,
        bytearray,
        bytes,
        complex,
        dict,
        float,
        frozenset,
        int,
        list,
        object,
        range,
        set,
        slice,
        str,
        tuple,
    ),
    *(type(None), type(Ellipsis), type(NotImplemented)),
    *(ChainMap, Counter, OrderedDict, defaultdict, deque),
}


class Kind:
    """Stands for a type that is none of a script's business: it has a name, and equals itself."""

    __slots__ = ("__name__",)

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __setattr__(self, name: str, value: object) -> None:
        if hasattr(self, "__name__"):
            raise AttributeError(f"{self!r} is read-only")
        super().__setattr__(name, value)

    def __repr__(self) -> str:
        return f"<kind '{self.__name__}'>"


_KINDS: dict[type, Kind] = {}


def kind_of(value: Any) -> Any:
    """Return the class of *value* if it holds data, is an exception or a script's own; else its Kind."""
    cls = type(value)
    if cls in _DATA or is_own(cls) or (issubclass(cls, BaseException) and not issubclass(cls, type)):
        return cls
    if cls not in _KINDS:
        _KINDS[cls] = Kind(cls.__name__)
    return _KINDS[cls]


def is_own(cls: type) -> bool:
    """Return whether *cls* was made by a script. No script can say what ``__module__`` holds."""
    return cls.__module__ == SCRIPT and not issubclass(cls, type)


def know(*classes: type) -> None:
    """Count *classes* among those that hold data."""
    _DATA.update(classes)


class Type:
    """``type`` as scripts know it: of one argument, and something to ask isinstance for."""

    __slots__ = ()

    def __call__(self, *values: Any) -> Any:
        """Return the kind of the one value."""
        if len(values) != 1:
            raise TypeError("type takes one value; to make a class, write a class statement")
        return kind_of(values[0])

    def __instancecheck__(self, value: Any) -> bool:
        return isinstance(value, type)

    def __getitem__(self, parameter: Any) -> "Type":
        return self

    def __or__(self, other: Any) -> Any:
        return other

    __ror__ = __or__

    def __repr__(self) -> str:
        return "<class 'type'>"


def script_vars(*values: Any) -> Mapping[str, Any]:
    """Return the attributes of an object of a script's own class, as a new dict."""
    if len(values) != 1 or not is_own(type(values[0])) or not hasattr(values[0], "__dict__"):
        raise TypeError("vars takes an object of a class of your own")
    return {shown(name): value for name, value in vars(values[0]).items()}
