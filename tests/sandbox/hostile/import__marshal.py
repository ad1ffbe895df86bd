"""Code out of bytes."""


def main():
    import marshal
    return str(marshal)

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
