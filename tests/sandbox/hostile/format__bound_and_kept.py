"""The method as a value."""


def main():
    f = "{0.__class__}".format
    return f(1)

# ends: faulted ValueError: the field {0.__class__} looks inside a value; use an f-string, or format what is inside
