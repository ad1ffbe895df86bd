"""The letter of private names may not be written."""


def main():
    return getattr(main, "\u02cdmodule")

# ends: faulted AttributeError: the letter U+02CD may not stand in a name
