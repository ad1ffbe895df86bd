"""An alias calls what it stands for."""


def main():
    from typing import Type
    return str(Type[int]("A", (), {}))

# ends: faulted TypeError: type takes one value; to make a class, write a class statement
