"""Texts are not turned: there is no such attribute."""


def main():
    return getattr((n for n in ()), "ｇi_frame", "held")

# ends: returned "held"
