"""With another super the one permitted form would read a dunder of anything."""


def main():
    match [main]:
        case [*super]:
            return super

# ends: rejected 6:15 NAME_NOT_ALLOWED; 7:20 NAME_NOT_ALLOWED
