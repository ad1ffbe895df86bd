"""The namespace of a module."""


def main():
    import json
    return json.__dict__

# ends: rejected 6:12 ATTRIBUTE_NOT_ALLOWED
