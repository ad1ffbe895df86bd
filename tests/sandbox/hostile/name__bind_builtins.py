"""A namespace of builtins of its own."""


def main():
    __builtins__ = {}

# ends: rejected 5:5 NAME_NOT_ALLOWED
