"""The letter of private names may not be written."""


def main():
    return dict(ˍx=1)

# ends: rejected 5:17 NAME_NOT_ALLOWED
