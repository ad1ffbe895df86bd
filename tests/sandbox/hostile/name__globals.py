"""All names."""


def main():
    return globals()

# ends: rejected 5:12 NAME_NOT_ALLOWED
