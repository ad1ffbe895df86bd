"""A name that modules have."""


def main():
    return __loader__

# ends: rejected 5:12 NAME_NOT_ALLOWED
