"""The namespace of a class."""


def main():
    return str.__dict__

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED
