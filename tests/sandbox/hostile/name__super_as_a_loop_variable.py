"""With another super the one permitted form would read a dunder of anything."""


def main():
    for super in [main]:
        return super

# ends: rejected 5:9 NAME_NOT_ALLOWED; 6:16 NAME_NOT_ALLOWED
