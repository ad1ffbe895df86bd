"""A generator that goes on while it goes on."""


def main():
    def f():
        yield from me
    me = f()
    try:
        next(me)
    except (ValueError, RuntimeError, TypeError) as error:
        return str(error)

# ends: returned "generator already executing"
