"""It reads attributes of attributes."""


def main():
    from operator import attrgetter
    return attrgetter("real.__class__.mro")(1)

# ends: faulted AttributeError: "mro" leads into the interpreter
