"""Objects out of bytes."""


def main():
    import pickle
    return str(pickle)

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
