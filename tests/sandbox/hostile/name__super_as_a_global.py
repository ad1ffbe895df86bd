"""With another super the one permitted form would read a dunder of anything."""


def main():
    global super
    return 1

# ends: rejected 5:5 NAME_NOT_ALLOWED
