"""A module says where it lies."""


def main():
    import json
    return json.__file__

# ends: rejected 6:12 ATTRIBUTE_NOT_ALLOWED
