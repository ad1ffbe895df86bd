"""Code out of a text."""


def main():
    return compile("1", "x", "eval")

# ends: rejected 5:12 NAME_NOT_ALLOWED
