"""With another super the one permitted form would read a dunder of anything."""


def main():
    super = lambda: main
    return super().__init__

# ends: rejected 5:5 NAME_NOT_ALLOWED
