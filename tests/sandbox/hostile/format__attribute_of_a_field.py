"""CVE-2023-41039: a field of a format reads attributes."""


def main():
    return "{0.__class__.__mro__}".format(1)

# ends: faulted ValueError: the field {0.__class__.__mro__} looks inside a value; use an f-string, or format what is inside
