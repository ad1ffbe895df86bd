"""A partial of a guarded function is guarded."""


def main():
    from functools import partial
    return partial(getattr, main)("__globals__")

# ends: faulted AttributeError: "__globals__" belongs to the interpreter
