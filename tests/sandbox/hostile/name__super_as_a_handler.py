"""With another super the one permitted form would read a dunder of anything."""


def main():
    try:
        1 / 0
    except ZeroDivisionError as super:
        return 1

# ends: rejected 7:5 NAME_NOT_ALLOWED
