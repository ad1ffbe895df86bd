"""What copy calls."""


def main():
    class A:
        def __getstate__(self):
            return 1

# ends: rejected 6:9 NAME_NOT_ALLOWED
