"""A name with a meaning for enumerations only."""


def main():
    from enum import Enum
    class A(Enum):
        _ignore_ = ["__module__"]
        X = 1
    return type(A.X) is A

# ends: returned true
