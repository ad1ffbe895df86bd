"""Many modules hold sys under its plain name."""


def main():
    from statistics import sys
    return sys

# ends: rejected 5:28 IMPORT_NOT_ALLOWED
