"""Functions out of code."""


def main():
    import types
    return str(types)

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
