"""The name as a text, to an operator that calls."""


def main():
    from operator import methodcaller
    return methodcaller("format", 1)("{0.__class__}")

# ends: faulted ValueError: the field {0.__class__} looks inside a value; use an f-string, or format what is inside
