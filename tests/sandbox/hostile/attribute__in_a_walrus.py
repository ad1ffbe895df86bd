"""The value of a walrus is an expression."""


def main():
    return (x := main.__globals__)

# ends: rejected 5:18 ATTRIBUTE_NOT_ALLOWED
