"""``enum``: Python's own, but that a class is made by a class statement only.

Called with names, an enumeration makes a class whose attributes bear any names at all.
"""

import enum as standard
from typing import Any, Final


class _EnumType(standard.EnumType):
    def __call__(cls, value: Any, *names: Any, **options: Any) -> Any:
        if names or options or not cls.__members__:
            raise TypeError("an enumeration is made by a class statement: class Colour(Enum): RED = 1")
        return super().__call__(value)


class Enum(standard.Enum, metaclass=_EnumType):
    """An enumeration."""

    __module__ = "enum"


class IntEnum(standard.IntEnum, metaclass=_EnumType):
    """An enumeration whose members are integers."""

    __module__ = "enum"


class StrEnum(standard.StrEnum, metaclass=_EnumType):
    """An enumeration whose members are texts."""

    __module__ = "enum"


class Flag(standard.Flag, metaclass=_EnumType):
    """An enumeration whose members can be combined."""

    __module__ = "enum"


class IntFlag(standard.IntFlag, metaclass=_EnumType):
    """An enumeration whose members are integers and can be combined."""

    __module__ = "enum"


MEMBERS: Final = {
    "enum": {
        "Enum": Enum,
        "Flag": Flag,
        "IntEnum": IntEnum,
        "IntFlag": IntFlag,
        "StrEnum": StrEnum,
        "auto": standard.auto,
        "member": standard.member,
        "nonmember": standard.nonmember,
        "unique": standard.unique,
    }
}
