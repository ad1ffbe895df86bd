"""Every object there is."""


def main():
    import gc
    return str(gc)

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
