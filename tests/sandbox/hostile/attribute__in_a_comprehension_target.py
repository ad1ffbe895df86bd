"""A comprehension assigns."""


def main():
    return [0 for main.__code__ in [1]]

# ends: rejected 5:19 ATTRIBUTE_NOT_ALLOWED
