"""With another super the one permitted form would read a dunder of anything."""


def super():
    return main


def main():
    return super().__init__

# ends: rejected 4:1 NAME_NOT_ALLOWED
