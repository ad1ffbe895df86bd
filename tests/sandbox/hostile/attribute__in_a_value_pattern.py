"""A value pattern reads attributes."""


def main():
    match 1:
        case main.__globals__:
            return 1

# ends: rejected 6:14 ATTRIBUTE_NOT_ALLOWED
