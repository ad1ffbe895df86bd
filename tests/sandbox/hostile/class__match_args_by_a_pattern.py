"""A pattern binds attributes of the class."""


def main():
    class A:
        match ("gi_frame",):
            case __match_args__:
                pass

# ends: rejected 7:18 NAME_NOT_ALLOWED
