"""The names of fields become the positions of a pattern."""


def main():
    from dataclasses import dataclass
    @dataclass
    class A:
        gi_frame: int

# ends: rejected 8:9 ATTRIBUTE_NOT_ALLOWED
