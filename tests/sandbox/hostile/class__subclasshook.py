"""A class that says what its subclasses are matches what it should not."""


def main():
    class A:
        @classmethod
        def __subclasshook__(cls, other):
            return True

# ends: rejected 7:9 NAME_NOT_ALLOWED
