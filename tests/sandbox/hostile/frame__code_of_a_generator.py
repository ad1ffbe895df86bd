"""A generator shows its code."""


def main():
    return (n for n in ()).gi_code

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED
