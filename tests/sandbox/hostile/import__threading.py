"""Threads outlive the script."""


def main():
    import threading
    return str(threading)

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
