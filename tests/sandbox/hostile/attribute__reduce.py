"""What pickle calls returns constructors."""


def main():
    return set().__reduce__()

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED
