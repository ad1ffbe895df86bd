"""The letter of private names may not be written."""


def main():
    return (lambda ˍx: 1)(1)

# ends: rejected 5:20 NAME_NOT_ALLOWED
