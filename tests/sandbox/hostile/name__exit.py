"""The end of the process."""


def main():
    exit(0)

# ends: rejected 5:5 NAME_NOT_ALLOWED
