"""It reads attributes by name."""


def main():
    from operator import attrgetter
    return attrgetter("__globals__")(main)

# ends: faulted AttributeError: "__globals__" belongs to the interpreter
