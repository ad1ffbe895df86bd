"""A copy of an exception calls its class."""


def main():
    import copy
    class E(Exception):
        def __init__(self, *args):
            super().__init__("x", *args)
    return str(copy.copy(E("y")))

# ends: returned "('x', 'x', 'y')"
