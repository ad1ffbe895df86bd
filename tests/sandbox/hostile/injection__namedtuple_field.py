"""A field is pasted into code."""


def main():
    from collections import namedtuple
    return namedtuple("A", ["x, y=print(1)"])

# ends: faulted ValueError: Type names and field names must be valid identifiers: 'x, y=print(1)'
