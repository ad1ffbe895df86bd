"""The type of a text makes texts."""


def main():
    class A("x"):
        pass

# ends: faulted TypeError: a class inherits from classes, not from a value of type str
