"""With another super the one permitted form would read a dunder of anything."""


def main():
    class A:
        super = 1

# ends: rejected 6:9 NAME_NOT_ALLOWED
