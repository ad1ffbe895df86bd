"""Other programs."""


def main():
    import subprocess
    return str(subprocess)

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
