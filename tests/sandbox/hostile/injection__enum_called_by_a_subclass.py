"""A subclass without members could be called, too."""


def main():
    from enum import Enum
    class Mine(Enum):
        pass
    return Mine("A", {"__getattr__": print})

# ends: faulted TypeError: an enumeration is made by a class statement: class Colour(Enum): RED = 1
