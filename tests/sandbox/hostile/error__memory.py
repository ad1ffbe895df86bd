"""Memory ends."""


def main():
    return len("x" * 2**40)

# ends: out_of_memory
