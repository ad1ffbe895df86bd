"""Positions of a pattern are names of attributes."""


def main():
    class A:
        pass
    setattr(A, "__match_args__", ("gi_frame",))

# ends: faulted AttributeError: "__match_args__" belongs to the interpreter
