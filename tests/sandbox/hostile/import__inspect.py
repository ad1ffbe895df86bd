"""Frames and sources."""


def main():
    import inspect
    return str(inspect)

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
