"""An augmented assignment reads and writes."""


def main():
    main.__code__ += 1

# ends: rejected 5:5 ATTRIBUTE_NOT_ALLOWED
