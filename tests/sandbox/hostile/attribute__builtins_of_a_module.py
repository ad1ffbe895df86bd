"""The builtins of a module."""


def main():
    import json
    return json.__builtins__

# ends: rejected 6:12 ATTRIBUTE_NOT_ALLOWED
