"""A conversion comes after the attribute."""


def main():
    return "{0.__class__!r}".format(1)

# ends: faulted ValueError: the field {0.__class__} looks inside a value; use an f-string, or format what is inside
