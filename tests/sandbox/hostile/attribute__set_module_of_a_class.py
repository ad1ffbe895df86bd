"""A class that says it is from elsewhere."""


def main():
    class A:
        pass
    A.__module__ = "os"

# ends: rejected 7:5 ATTRIBUTE_NOT_ALLOWED
