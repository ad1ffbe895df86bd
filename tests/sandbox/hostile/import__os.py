"""The operating system."""


def main():
    import os
    return str(os)

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
