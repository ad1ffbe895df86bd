"""Deleting is writing."""


def main():
    class A:
        pass
    del A().__class__

# ends: rejected 7:9 ATTRIBUTE_NOT_ALLOWED
