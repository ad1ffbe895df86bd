"""A generator shows what it waits for."""


def main():
    return (n for n in ()).gi_yieldfrom

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED
