"""The guard of a case is an expression."""


def main():
    match 1:
        case x if main.__globals__:
            return x

# ends: rejected 6:19 ATTRIBUTE_NOT_ALLOWED
