"""Python refuses it; nothing else is made."""


def main():
    from enum import Enum
    class A(Enum):
        X = 1
    class B(A):
        Y = 2

# ends: faulted TypeError: <enum 'B'> cannot extend <enum 'A'>
