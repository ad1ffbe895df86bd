"""A generic base says what stands in its place."""


def main():
    from typing import Generic, TypeVar
    T = TypeVar("T")
    class A(Generic[T]):
        pass

# ends: rejected 5:24 IMPORT_NOT_ALLOWED
