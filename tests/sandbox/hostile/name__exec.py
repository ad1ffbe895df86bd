"""Code out of a text."""


def main():
    exec("import os")

# ends: rejected 5:5 NAME_NOT_ALLOWED
