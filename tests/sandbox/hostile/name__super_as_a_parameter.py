"""With another super the one permitted form would read a dunder of anything."""


def main():
    return (lambda super: super().__init__)(lambda: main)

# ends: rejected 5:20 NAME_NOT_ALLOWED
