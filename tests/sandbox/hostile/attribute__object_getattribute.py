"""The look-up of object, unbound."""


def main():
    return object.__getattribute__("", "__class__")

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED
