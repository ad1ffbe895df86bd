"""All names of an object."""


def main():
    return dir(main)

# ends: rejected 5:12 NAME_NOT_ALLOWED
