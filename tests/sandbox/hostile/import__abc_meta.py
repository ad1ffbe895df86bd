"""The class of abstract classes makes classes."""


def main():
    from abc import ABCMeta
    return ABCMeta("A", (), {})

# ends: rejected 5:21 IMPORT_NOT_ALLOWED
