"""Called, an enumeration makes a class with attributes of any names."""


def main():
    from enum import Enum
    return Enum("A", {"__getattr__": print})

# ends: faulted TypeError: an enumeration is made by a class statement: class Colour(Enum): RED = 1
