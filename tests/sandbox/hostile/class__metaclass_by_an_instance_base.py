"""With an instance as base, Python calls its type with the namespace."""


def main():
    class Maker:
        def __init__(self, *given):
            seen.append(given)
    seen = []
    class A(Maker()):
        x = 1
    return ["reached", str(seen)]

# ends: faulted TypeError: a class inherits from classes, not from a value of type Maker
