"""A length below nothing."""


def main():
    class L:
        def __len__(self):
            return -1
    try:
        return len(L())
    except ValueError as error:
        return str(error)

# ends: returned "__len__() should return >= 0"
