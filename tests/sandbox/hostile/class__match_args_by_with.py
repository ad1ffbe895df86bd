"""A with statement binds attributes of the class."""


def main():
    from contextlib import nullcontext
    class A:
        with nullcontext(("gi_frame",)) as __match_args__:
            pass

# ends: rejected 7:44 NAME_NOT_ALLOWED
