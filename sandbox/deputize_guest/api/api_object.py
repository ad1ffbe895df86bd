"""What the objects of the API have in common: they are facts or handles, and a copy is the thing itself."""

from typing import Self


class ApiObject:
    """Read-only, so that it need not be copied."""

    __slots__ = ()

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self
