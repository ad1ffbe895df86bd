"""An enumeration of texts has the method too."""


def main():
    from enum import StrEnum
    class E(StrEnum):
        A = "{0.__class__}"
    return E.A.format(1)

# ends: faulted ValueError: the field {0.__class__} looks inside a value; use an f-string, or format what is inside
