"""A field of another name makes asdict read it."""


def main():
    from dataclasses import asdict, dataclass, fields, replace
    @dataclass
    class A:
        x: int
    other = replace(fields(A)[0], name="__class__")
    return asdict(A(1))

# ends: returned {"x": 1}
