"""All names of a function."""


def main():
    return vars()

# ends: faulted TypeError: vars takes an object of a class of your own
