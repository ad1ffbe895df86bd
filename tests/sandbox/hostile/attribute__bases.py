"""The bases of a class."""


def main():
    return bool.__bases__

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED
