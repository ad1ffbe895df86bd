"""A hook of subclasses."""


def main():
    class A:
        def __init_subclass__(cls):
            pass

# ends: rejected 6:9 NAME_NOT_ALLOWED
