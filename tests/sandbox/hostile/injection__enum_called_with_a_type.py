"""Called, an enumeration mixes in any type."""


def main():
    from enum import Enum
    return Enum("A", "X", type=dict, module="os")

# ends: faulted TypeError: an enumeration is made by a class statement: class Colour(Enum): RED = 1
