"""The method resolution order leads to object."""


def main():
    return str.mro()

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED
