"""An annotation that is a text is looked at, not evaluated."""


def main():
    from dataclasses import dataclass
    @dataclass
    class A:
        x: "print(1)"
        y: "__import__('os').ClassVar" = 2
    return repr(A(1))

# ends: returned "main.<locals>.A(x=1, y=2)"
