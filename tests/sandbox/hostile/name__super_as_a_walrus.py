"""With another super the one permitted form would read a dunder of anything."""


def main():
    return (super := main)

# ends: rejected 5:13 NAME_NOT_ALLOWED
