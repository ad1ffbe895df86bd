"""Integers of many digits are divided by code of Python's own, which newer Pythons load for it."""


def main():
    quotient, rest = divmod((1 << 40_000) + 12_345, (1 << 12_000) | 1)
    return [quotient.bit_length(), rest.bit_length(), b"\\N{DIGIT ONE}".decode("unicode_escape"), "é".encode("ascii", "namereplace").decode()]

# ends: returned [28000, 12000, "1", "\\N{LATIN SMALL LETTER E WITH ACUTE}"]
