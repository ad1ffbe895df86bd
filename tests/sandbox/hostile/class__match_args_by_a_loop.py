"""A loop binds attributes of the class."""


def main():
    class A:
        for __match_args__ in [("gi_frame",)]:
            pass

# ends: rejected 6:13 NAME_NOT_ALLOWED
