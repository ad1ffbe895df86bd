"""It formats its own text, unguarded."""


def main():
    from collections import UserString
    return UserString("{0.__class__}").format(1)

# ends: rejected 5:29 IMPORT_NOT_ALLOWED
