"""A name is a text."""


def main():
    return getattr(main, b"__globals__")

# ends: faulted TypeError: the name of an attribute must be a text, not bytes
