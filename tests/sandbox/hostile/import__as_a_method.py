"""An import binds the method of a class."""


def main():
    class A:
        from json import loads as __getattr__

# ends: rejected 6:9 NAME_NOT_ALLOWED
