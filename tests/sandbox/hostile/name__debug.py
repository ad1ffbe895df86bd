"""A constant of the interpreter."""


def main():
    return __debug__

# ends: rejected 5:12 NAME_NOT_ALLOWED
