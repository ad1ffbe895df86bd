"""The name as a text."""


def main():
    return getattr("{0.__class__}", "format")(1)

# ends: faulted ValueError: the field {0.__class__} looks inside a value; use an f-string, or format what is inside
