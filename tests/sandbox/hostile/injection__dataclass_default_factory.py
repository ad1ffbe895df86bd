"""A factory is called when an instance is made, like any function."""


def main():
    from dataclasses import dataclass, field
    @dataclass
    class A:
        x: list = field(default_factory=lambda: [1])
    return A().x

# ends: returned [1]
