"""The method of the class."""


def main():
    return str.format("{0.__class__}", 1)

# ends: faulted ValueError: the field {0.__class__} looks inside a value; use an f-string, or format what is inside
