"""The name as a text, to an operator."""


def main():
    from operator import attrgetter
    return attrgetter("format")("{0.__class__}")(1)

# ends: faulted ValueError: the field {0.__class__} looks inside a value; use an f-string, or format what is inside
