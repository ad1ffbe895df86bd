"""A field that is renamed after the class is made is pasted into the code of its subclass."""


def main():
    from dataclasses import dataclass, field
    f = field(default=1)
    @dataclass
    class A:
        x: int = f
    try:
        f.name = "x=print(1)"
    except AttributeError:
        return "held"
    @dataclass
    class B(A):
        y: int = 2
    return ["reached", B().y]

# ends: returned "held"
