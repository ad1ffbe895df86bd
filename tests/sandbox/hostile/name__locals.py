"""All names of a function."""


def main():
    return locals()

# ends: rejected 5:12 NAME_NOT_ALLOWED
