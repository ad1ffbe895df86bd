"""A yield has a value."""


def main():
    def f():
        yield main.__globals__
    return list(f())

# ends: rejected 6:15 ATTRIBUTE_NOT_ALLOWED
