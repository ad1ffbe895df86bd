"""What a class body has bound it may read."""


def main():
    class A:
        def __eq__(self, other):
            return True
        __ne__ = __eq__
    return [A() == 1, A() != 1]

# ends: returned [true, true]
