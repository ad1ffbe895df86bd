"""Files, underneath."""


def main():
    import _io
    return str(_io)

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
