"""A shared library is read-only from outside."""


def main():
    import re
    re.I.x = 1
    return "own run only"

# ends: returned "own run only"
