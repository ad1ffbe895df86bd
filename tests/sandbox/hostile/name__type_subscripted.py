"""An alias calls what it stands for."""


def main():
    return str(type[int]("A", (), {}))

# ends: faulted TypeError: type takes one value; to make a class, write a class statement
