"""The namespace of a module."""


def main():
    import json
    return vars(json)

# ends: faulted TypeError: vars takes an object of a class of your own
