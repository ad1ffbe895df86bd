"""Code out of a text."""


def main():
    return eval("1")

# ends: rejected 5:12 NAME_NOT_ALLOWED
