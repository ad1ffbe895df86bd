"""What fields tells cannot be changed."""


def main():
    from dataclasses import dataclass, fields
    @dataclass
    class A:
        x: int
    fields(A)[0].name = "__class__"

# ends: faulted FrozenInstanceError: cannot assign to field 'name'
