"""A star binds what nobody has judged."""


def main():
    def f():
        pass
    from json import *

# ends: rejected 7:22 IMPORT_NOT_ALLOWED
