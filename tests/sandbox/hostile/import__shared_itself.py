"""Libraries are imported by name."""


def main():
    import shared
    return shared.os

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
