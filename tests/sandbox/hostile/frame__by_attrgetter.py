"""Operators read attributes for their caller."""


def main():
    from operator import attrgetter
    return attrgetter("gi_frame.f_back")((n for n in ()))

# ends: faulted AttributeError: "gi_frame" leads into the interpreter
