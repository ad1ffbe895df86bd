"""A number of too many digits is no JSON."""


def main():
    return 10**5000

# ends: faulted ValueError: main returned an integer of 16610 bits; send it as text
