"""Standard input."""


def main():
    return input()

# ends: rejected 5:12 NAME_NOT_ALLOWED
