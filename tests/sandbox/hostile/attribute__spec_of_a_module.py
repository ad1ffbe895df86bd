"""A module carries its spec."""


def main():
    import json
    return json.__spec__.origin

# ends: rejected 6:12 ATTRIBUTE_NOT_ALLOWED
