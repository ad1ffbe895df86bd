"""The guard of attributes: what only the object can tell, and the built-ins that take a name as a value."""

from abc import ABCMeta
from string import Formatter
from types import BuiltinMethodType, MethodDescriptorType, MethodType
from typing import Any, Final, NoReturn

from deputize_guest.dialect import kinds, names
from deputize_guest.private_names import shown

_MISSING: Final = object()


def read(value: Any, name: str, inside: str, /) -> Any:
    """Return attribute *name*, one of ``names.GUARDED``, of *value*; *inside* is its private spelling."""
    if name in names.NAMEDTUPLE:
        return getattr(value, name if _is_namedtuple(value) else inside)
    if name == "__class__":
        return kinds.kind_of(value)
    if name in names.READABLE:
        return _read_text(value, name)
    found = getattr(value, name)
    if name == "obj":
        return _checked_obj(value, found)
    if name == "register":
        return _checked_register(found)
    return _checked_format(found, name)


def script_getattr(value: Any, name: str, *default: Any) -> Any:
    """Return the attribute *name* of *value*, or *default*; a name that no script may read is not there."""
    if len(default) > 1:
        raise TypeError(f"getattr takes at most 3 arguments, not {len(default) + 2}")
    try:
        inside = _inside(name)
        return read(value, name, inside) if name in names.GUARDED else getattr(value, inside)
    except AttributeError:
        if default:
            return default[0]
        raise


def script_hasattr(value: Any, name: str) -> bool:
    """Return whether *value* has an attribute *name* that a script may read."""
    return script_getattr(value, name, _MISSING) is not _MISSING


def script_setattr(value: Any, name: str, new: Any) -> None:
    """Set the attribute *name* of *value*."""
    setattr(value, _writable(name), new)


def script_delattr(value: Any, name: str) -> None:
    """Delete the attribute *name* of *value*."""
    delattr(value, _writable(name))


def _inside(name: Any) -> str:
    # Exactly a str: a subclass could answer otherwise when it is used than when it is judged.
    if type(name) is not str:
        raise TypeError(f"the name of an attribute must be a text, not {type(name).__name__}")
    if not name.isidentifier():
        raise AttributeError(f"{name[:100]!r} cannot be the name of an attribute")
    if name not in names.GUARDED and (refusal := names.attribute_refusal(name)):
        raise AttributeError(refusal)
    return names.private(name)


def _writable(name: Any) -> str:
    inside = _inside(name)
    if name in names.READABLE:
        raise AttributeError(f'"{name}" can be read, not set')
    return inside


def _is_namedtuple(value: Any) -> bool:
    cls = value if isinstance(value, type) else type(value)
    # No script can give a class "_fields": the compiler spells it otherwise.
    return issubclass(cls, tuple) and any("_fields" in vars(each) for each in cls.__mro__)


def _read_text(value: Any, name: str) -> str | None:
    found = getattr(value, name)
    if found is None or type(found) is str:
        return shown(found) if found else found
    raise AttributeError(f'"{name}" is not available here')


def _checked_obj(value: Any, found: Any) -> Any:
    # The interpreter puts there whatever object lacked an attribute, ours among them.
    owner = value.__self__ if type(value) is super else value  # type: ignore[attr-defined] # every super has it
    if isinstance(owner, AttributeError) or isinstance(found, kinds.DESCRIPTORS):
        raise AttributeError('"obj" of an AttributeError is not available')  # noqa: TRY004 - there is no such attribute
    return found


def _checked_register(found: Any) -> Any:
    # An abstract class that is told to take in all others matches what it should not.
    func = found.__func__ if isinstance(found, MethodType) else None
    if func is ABCMeta.register:
        message = '"register" of an abstract class is not available; inherit from it'
        raise AttributeError(message)
    return found


def _checked_format(found: Any, name: str) -> Any:
    # What the look-up finds is judged, not what it was asked of: super() and subclasses find the same.
    if isinstance(found, BuiltinMethodType) and isinstance(found.__self__, str):
        return Format(name, found.__self__)
    if isinstance(found, MethodDescriptorType):
        return Format(name)
    if isinstance(found, kinds.DESCRIPTORS):
        raise AttributeError(f'"{name}" is not available here')  # noqa: TRY004 - there is no such attribute
    return found


class Format:
    """``format`` or ``format_map`` of a text, without the fields that read attributes and items."""

    __slots__ = ("_bound", "_name")

    def __init__(self, name: str, *bound: str) -> None:
        self._name = name
        self._bound = bound

    def __call__(self, /, *values: Any, **named: Any) -> str:
        """Return the text with its fields filled in."""
        given: list[Any] = [*self._bound, *values]
        if not given or not isinstance(given[0], str):
            raise TypeError(f"{self!r} needs a text")
        # A subclass could answer otherwise; the plain text is taken out of it.
        text = str.__str__(given[0])
        if self._name == "format":
            return _FORMATTER.vformat(text, given[1:], named)
        if len(given) != 2 or named:  # noqa: PLR2004 - the text and the mapping
            raise TypeError("format_map takes one mapping")
        return _FORMATTER.vformat(text, _NO_POSITIONS, given[1])

    def __repr__(self) -> str:
        return f"<method {self._name} of str>"


class _NoPositions(tuple[()]):
    """What a format with a mapping has for the fields that count."""

    __slots__ = ()

    def __getitem__(self, index: Any) -> NoReturn:
        raise ValueError("Format string contains positional fields")


_NO_POSITIONS: Final = _NoPositions()


class _PlainFormatter(Formatter):
    """Knows fields by position and by keyword, and none that look inside a value."""

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:
        if "." in field_name or "[" in field_name:
            raise ValueError(
                f"the field {{{field_name}}} looks inside a value; use an f-string, or format what is inside"
            )
        return super().get_field(field_name, args, kwargs)


_FORMATTER: Final = _PlainFormatter()
