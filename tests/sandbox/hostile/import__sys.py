"""The interpreter."""


def main():
    import sys
    return str(sys)

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
