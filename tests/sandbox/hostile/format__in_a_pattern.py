"""A pattern reads the method by keyword."""


def main():
    match "{0.__class__}":
        case str(format=f):
            return ["reached", f(1)]

# ends: rejected 6:14 ATTRIBUTE_NOT_ALLOWED
