"""Files by way of io."""


def main():
    from io import TextIOWrapper

# ends: rejected 5:20 IMPORT_NOT_ALLOWED
