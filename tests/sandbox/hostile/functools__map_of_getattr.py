"""Getattr handed to another function is guarded."""


def main():
    return list(map(getattr, [main], ["__globals__"]))

# ends: faulted AttributeError: "__globals__" belongs to the interpreter
