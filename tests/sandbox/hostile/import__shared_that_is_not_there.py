"""A shared library is one of the plan's."""


def main():
    from shared import os
    return os

# ends: rejected 5:24 SHARED_UNKNOWN
