"""Getattr over a path is guarded at each step."""


def main():
    from functools import reduce
    return reduce(getattr, ["__class__", "mro"], 1)

# ends: faulted AttributeError: "mro" leads into the interpreter
