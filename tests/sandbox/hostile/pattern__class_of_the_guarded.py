"""A pattern cannot read what needs the guard."""


def main():
    match main:
        case object(__name__=n):
            return n

# ends: rejected 6:14 ATTRIBUTE_NOT_ALLOWED
