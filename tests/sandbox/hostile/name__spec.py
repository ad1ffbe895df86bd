"""A name that modules have."""


def main():
    return __spec__

# ends: rejected 5:12 NAME_NOT_ALLOWED
