"""Flags, too."""


def main():
    from enum import IntFlag
    return IntFlag("A", {"__getattr__": 1})

# ends: faulted TypeError: an enumeration is made by a class statement: class Colour(Enum): RED = 1
