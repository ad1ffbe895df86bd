"""An augmented assignment reads the method."""


def main():
    x = ""
    x.format += 1

# ends: rejected 6:5 ATTRIBUTE_NOT_ALLOWED
