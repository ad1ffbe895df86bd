"""A class has no methods to wait for."""


def main():
    class A:
        def __await__(self):
            yield 1

# ends: rejected 6:9 NAME_NOT_ALLOWED
