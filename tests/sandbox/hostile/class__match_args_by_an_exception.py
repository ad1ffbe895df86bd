"""A handler binds attributes of the class."""


def main():
    class A:
        try:
            1 / 0
        except ZeroDivisionError as __match_args__:
            pass

# ends: rejected 8:9 NAME_NOT_ALLOWED
