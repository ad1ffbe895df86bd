"""The namespace of a class."""


def main():
    class A:
        def __prepare__(name, bases):
            return {}

# ends: rejected 6:9 NAME_NOT_ALLOWED
