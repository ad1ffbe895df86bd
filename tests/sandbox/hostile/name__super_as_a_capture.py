"""With another super the one permitted form would read a dunder of anything."""


def main():
    match main:
        case super:
            return super().__init__

# ends: rejected 6:14 NAME_NOT_ALLOWED
