"""The same, with the name as a text."""


def main():
    from abc import ABC
    class A(ABC):
        pass
    return getattr(A, "register")(object)

# ends: faulted AttributeError: "register" of an abstract class is not available; inherit from it
