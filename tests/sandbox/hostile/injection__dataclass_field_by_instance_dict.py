"""An instance cannot bring fields of its own."""


def main():
    from dataclasses import asdict, dataclass
    @dataclass
    class A:
        x: int
    a = A(1)
    setattr(a, "__dataclass_fields__", {})

# ends: faulted AttributeError: "__dataclass_fields__" belongs to the interpreter
