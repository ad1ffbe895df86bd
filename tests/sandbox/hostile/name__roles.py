"""A name with a meaning in Zope has none here."""


def main():
    x__roles__ = 1
    return x__roles__

# ends: returned 1
