"""Items are expressions."""


def main():
    return [0][main.__code__]

# ends: rejected 5:16 ATTRIBUTE_NOT_ALLOWED
