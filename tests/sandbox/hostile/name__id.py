"""Addresses."""


def main():
    return id(main)

# ends: rejected 5:12 NAME_NOT_ALLOWED
