"""Files by way of io."""


def main():
    from io import FileIO

# ends: rejected 5:20 IMPORT_NOT_ALLOWED
