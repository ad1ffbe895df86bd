"""Defaults are evaluated when a function is made."""


def main():
    def f(x=main.__globals__):
        return x

# ends: rejected 5:13 ATTRIBUTE_NOT_ALLOWED
