"""A module of another name."""


def main():
    __name__ = "os"

# ends: rejected 5:5 NAME_NOT_ALLOWED
