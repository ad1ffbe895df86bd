"""Frames of exceptions."""


def main():
    import traceback
    return str(traceback)

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
