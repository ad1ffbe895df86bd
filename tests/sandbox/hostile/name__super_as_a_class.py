"""With another super the one permitted form would read a dunder of anything."""


def main():
    class super:
        pass
    return super().__init__

# ends: rejected 5:5 NAME_NOT_ALLOWED
