"""A length that is not the number of items."""


def main():
    class L:
        def __len__(self):
            return 10**6
        def __length_hint__(self):
            return 10**9
        def __iter__(self):
            return iter("ab")
    return [list(L()), len(L())]

# ends: returned [["a", "b"], 1000000]
