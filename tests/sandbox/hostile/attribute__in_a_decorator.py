"""Decorators are expressions."""


def main():
    @main.__globals__
    def f():
        pass

# ends: rejected 5:6 ATTRIBUTE_NOT_ALLOWED
