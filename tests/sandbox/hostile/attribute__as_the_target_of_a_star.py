"""A starred target assigns."""


def main():
    *main.__code__, x = 1, 2

# ends: rejected 5:6 ATTRIBUTE_NOT_ALLOWED
