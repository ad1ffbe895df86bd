"""Operators call methods for their caller."""


def main():
    from operator import methodcaller
    return methodcaller("__reduce_ex__", 4)([])

# ends: faulted AttributeError: "__reduce_ex__" belongs to the interpreter
