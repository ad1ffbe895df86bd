"""A subclass of type is a metaclass."""


def main():
    class M(type):
        pass

# ends: faulted TypeError: a class inherits from classes, not from a value of type Type
