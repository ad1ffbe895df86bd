"""A docstring is text, which leads nowhere."""


def main():
    return "reached" if len.__doc__.__class__ is not str else "held"

# ends: returned "held"
