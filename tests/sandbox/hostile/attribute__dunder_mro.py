"""The method resolution order, as a dunder."""


def main():
    return str.__mro__

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED
