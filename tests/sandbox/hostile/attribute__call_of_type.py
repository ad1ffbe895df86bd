"""The call of a class as a method."""


def main():
    return int.__call__("1")

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED
