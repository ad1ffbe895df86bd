"""The class of a pattern is a path of attributes."""


def main():
    match 1:
        case main.__class__():
            return 1

# ends: rejected 6:14 ATTRIBUTE_NOT_ALLOWED
