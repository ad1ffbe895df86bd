"""The cause of an exception is an expression."""


def main():
    raise ValueError from main.__globals__

# ends: rejected 5:27 ATTRIBUTE_NOT_ALLOWED
