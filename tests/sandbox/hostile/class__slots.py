"""Slots are descriptors, of any name."""


def main():
    class A:
        __slots__ = ("__dict__",)

# ends: rejected 6:9 NAME_NOT_ALLOWED
