"""Keyword defaults can be exchanged."""


def main():
    return main.__kwdefaults__

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED
