"""Annotations are evaluated too."""


def main():
    def f(x: main.__globals__):
        return x

# ends: rejected 5:14 ATTRIBUTE_NOT_ALLOWED
