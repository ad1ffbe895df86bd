"""A key carries what it was made of."""


def main():
    from functools import cmp_to_key
    return cmp_to_key(lambda a, b: 0)(5).obj

# ends: returned 5
