"""It reads and writes attributes by name."""


def main():
    from functools import update_wrapper

# ends: rejected 5:27 IMPORT_NOT_ALLOWED
