"""An annotation binds attributes of the class."""


def main():
    class A:
        __match_args__: tuple = ("gi_frame",)

# ends: rejected 6:9 NAME_NOT_ALLOWED
