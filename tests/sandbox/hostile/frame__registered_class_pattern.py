"""An abstract class that takes in every object matches a generator, and its fields read it."""


def main():
    from abc import ABC
    from dataclasses import dataclass
    @dataclass
    class A(ABC):
        close: int
    A.register(object)
    match (n for n in ()):
        case A(close):
            return ["reached", str(close)]

# ends: faulted AttributeError: "register" of an abstract class is not available; inherit from it
