"""A loop assigns."""


def main():
    for main.__code__ in ():
        pass

# ends: rejected 5:9 ATTRIBUTE_NOT_ALLOWED
