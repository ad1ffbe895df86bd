"""Positions of a pattern are names of attributes."""


def main():
    class A:
        __match_args__ = ("gi_frame",)

# ends: rejected 6:9 NAME_NOT_ALLOWED
