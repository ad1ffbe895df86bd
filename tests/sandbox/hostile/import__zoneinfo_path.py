"""Where the machine keeps its zones."""


def main():
    from zoneinfo import TZPATH

# ends: rejected 5:26 IMPORT_NOT_ALLOWED
