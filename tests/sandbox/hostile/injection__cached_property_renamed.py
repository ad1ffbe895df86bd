"""A property whose name is set writes any name into an instance."""


def main():
    from functools import cached_property
    p = cached_property(lambda self: 1)
    try:
        p.attrname = "__class__"
    except AttributeError:
        return "held"
    return "reached"

# ends: returned "held"
