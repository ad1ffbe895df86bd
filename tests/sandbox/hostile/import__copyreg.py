"""The registry of constructors."""


def main():
    import copyreg
    return str(copyreg)

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
