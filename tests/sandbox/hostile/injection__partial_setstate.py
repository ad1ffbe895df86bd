"""A partial takes a state."""


def main():
    from functools import partial
    return partial(print).__setstate__((1, 2, 3, 4))

# ends: rejected 6:12 ATTRIBUTE_NOT_ALLOWED
