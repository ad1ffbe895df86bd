"""A text with a null is no name."""


def main():
    return getattr(main, "__globals__\x00", "held")

# ends: returned "held"
