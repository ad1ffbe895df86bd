"""``typing``: the forms for annotations; nothing that evaluates one."""

import typing
from typing import Any, Final

from deputize_guest.dialect.class_statement import accept_base
from deputize_guest.dialect.kinds import Type

_AS_THEY_ARE: Final = """
    Annotated Any AnyStr Callable ChainMap ClassVar Collection Container Counter DefaultDict Deque Dict
    Final FrozenSet Generator Hashable Iterable Iterator List Literal LiteralString Mapping Match
    MutableMapping MutableSequence MutableSet Never NewType NoReturn NotRequired Optional OrderedDict
    ParamSpec Pattern Required Reversible Self Sequence Set Sized TYPE_CHECKING Text Tuple TypeAlias
    TypeGuard TypeVar Union assert_never assert_type cast final overload override
"""


class _Base:
    """Stands among the bases of a class for what Python puts there in its place."""

    __slots__ = ("_name", "_standard")

    def __init__(self, name: str) -> None:
        self._name = name
        self._standard: Any = getattr(typing, name)

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
        entries: tuple[type, ...] = self._standard.__mro_entries__((self._standard,))
        return entries

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """Refuse: called with names, it would make a class whose attributes bear any names at all."""
        raise TypeError(f"a {self._name} is made by a class statement: class Point({self._name}): x: int")

    def __repr__(self) -> str:
        return f"typing.{self._name}"


_NAMED_TUPLE: Final = _Base("NamedTuple")
_TYPED_DICT: Final = _Base("TypedDict")
accept_base(_NAMED_TUPLE)
accept_base(_TYPED_DICT)

MEMBERS: Final = {
    "typing": {
        **{name: getattr(typing, name) for name in _AS_THEY_ARE.split() if hasattr(typing, name)},
        "NamedTuple": _NAMED_TUPLE,
        "Type": Type(),
        "TypedDict": _TYPED_DICT,
    }
}
