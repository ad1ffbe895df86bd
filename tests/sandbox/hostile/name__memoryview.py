"""A view of memory can be cast and written through."""


def main():
    return memoryview(b"x").obj

# ends: rejected 5:12 NAME_NOT_ALLOWED
