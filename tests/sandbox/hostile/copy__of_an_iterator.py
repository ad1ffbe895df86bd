"""A copy of an iterator is an iterator."""


def main():
    import copy
    return list(copy.copy(iter([1, 2])))

# ends: returned [1, 2]
