"""An alias says what stands in its place."""


def main():
    class A(list[int]):
        pass

# ends: faulted TypeError: a class inherits from classes, not from a value of type GenericAlias
