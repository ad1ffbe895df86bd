"""A name is no path."""


def main():
    from shared.os import environ

# ends: rejected 5:5 SHARED_UNKNOWN
