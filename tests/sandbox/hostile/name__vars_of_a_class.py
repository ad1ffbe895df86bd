"""The namespace of a class."""


def main():
    return vars(int)

# ends: faulted TypeError: vars takes an object of a class of your own
