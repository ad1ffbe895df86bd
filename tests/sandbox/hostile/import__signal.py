"""Signals to the process."""


def main():
    import signal
    return str(signal)

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
