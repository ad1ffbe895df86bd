"""The type of a facade makes facades."""


def main():
    import json
    class A(json):
        pass

# ends: faulted TypeError: a class inherits from classes, not from a value of type module
