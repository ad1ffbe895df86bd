"""Randomness that a replay does not give again."""


def main():
    from random import SystemRandom

# ends: rejected 5:24 IMPORT_NOT_ALLOWED
