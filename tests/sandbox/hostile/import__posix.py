"""The operating system, underneath."""


def main():
    import posix
    return str(posix)

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
