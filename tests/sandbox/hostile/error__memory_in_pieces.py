"""Memory ends, piece by piece."""


def main():
    kept = []
    while True:
        kept.append("x" * 2**26)

# ends: out_of_memory
