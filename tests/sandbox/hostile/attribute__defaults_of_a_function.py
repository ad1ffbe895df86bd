"""Default values can be exchanged."""


def main():
    main.__defaults__ = (1,)

# ends: rejected 5:5 ATTRIBUTE_NOT_ALLOWED
