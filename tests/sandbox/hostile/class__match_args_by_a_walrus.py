"""A walrus binds attributes of the class."""


def main():
    class A:
        (__match_args__ := ("gi_frame",))

# ends: rejected 6:10 NAME_NOT_ALLOWED
