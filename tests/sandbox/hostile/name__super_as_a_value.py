"""The class itself has an unbound form."""


def main():
    return super

# ends: rejected 5:12 NAME_NOT_ALLOWED
