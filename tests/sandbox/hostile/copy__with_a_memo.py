"""The memo is not to be chosen."""


def main():
    import copy
    return copy.deepcopy([1], {1: 2})

# ends: faulted TypeError: deepcopy() takes 1 positional argument but 2 were given
