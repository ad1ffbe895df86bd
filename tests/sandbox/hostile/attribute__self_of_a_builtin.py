"""A builtin function is bound to its module."""


def main():
    import math
    return math.sqrt.__self__

# ends: rejected 6:12 ATTRIBUTE_NOT_ALLOWED
