"""A class that says what its instances are matches what it should not."""


def main():
    class A:
        def __instancecheck__(self, value):
            return True

# ends: rejected 6:9 NAME_NOT_ALLOWED
