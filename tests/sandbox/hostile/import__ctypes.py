"""Memory and libraries."""


def main():
    import ctypes
    return str(ctypes)

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
