"""A warning of the compiler is no error, and opens nothing."""


def main():
    assert (1, "always true")
    return 1 is 1

# ends: returned true
