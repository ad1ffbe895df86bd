"""The helper that C code asks for is no script's to ask for."""


def main():
    import _strptime
    return _strptime

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
