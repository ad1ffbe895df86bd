"""A pattern cannot read the class."""


def main():
    match 1:
        case object(__class__=c):
            return c

# ends: rejected 6:14 ATTRIBUTE_NOT_ALLOWED
