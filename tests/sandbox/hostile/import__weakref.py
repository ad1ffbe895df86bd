"""Objects by way of others."""


def main():
    import weakref
    return str(weakref)

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
