"""The policy itself."""


def main():
    import RestrictedPython
    return str(RestrictedPython)

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
