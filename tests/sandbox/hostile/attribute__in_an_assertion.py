"""The message of an assertion is an expression."""


def main():
    assert 0, main.__globals__

# ends: rejected 5:15 ATTRIBUTE_NOT_ALLOWED
