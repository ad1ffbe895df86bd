"""What pickle calls returns constructors."""


def main():
    return [].__reduce_ex__(4)

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED
