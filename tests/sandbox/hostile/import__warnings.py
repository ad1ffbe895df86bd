"""Its module holds sys."""


def main():
    import warnings
    return str(warnings)

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
