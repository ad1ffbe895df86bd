"""A pattern reads the method by the position of a field."""


def main():
    from dataclasses import dataclass
    @dataclass
    class A:
        format: str
    match "{0.__class__}":
        case A(f):
            return ["reached", f(1)]
        case _:
            return "held"

# ends: returned "held"
