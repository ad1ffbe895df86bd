"""A script is no part of a package."""


def main():
    from . import os

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
