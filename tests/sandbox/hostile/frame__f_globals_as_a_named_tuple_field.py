"""The names of fields become the positions of a pattern."""


def main():
    from collections import namedtuple
    return namedtuple("A", "f_globals")

# ends: faulted ValueError: a field cannot be named 'f_globals'
