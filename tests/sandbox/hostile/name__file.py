"""A name that modules have."""


def main():
    return __file__

# ends: rejected 5:12 NAME_NOT_ALLOWED
