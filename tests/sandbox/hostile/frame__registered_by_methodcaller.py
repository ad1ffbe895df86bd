"""The same, through an operator."""


def main():
    from abc import ABC
    from operator import methodcaller
    class A(ABC):
        pass
    return methodcaller("register", object)(A)

# ends: faulted AttributeError: "register" of an abstract class is not available; inherit from it
