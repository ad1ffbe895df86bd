"""Annotations are evaluated too."""


def main():
    def f() -> main.__globals__:
        pass

# ends: rejected 5:16 ATTRIBUTE_NOT_ALLOWED
