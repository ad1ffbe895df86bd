"""An object cannot say how it is formatted."""


def main():
    class A:
        def __format__(self, spec):
            return spec

# ends: rejected 6:9 NAME_NOT_ALLOWED
