"""Of our own, only the types are there."""


def main():
    from deputize import Runtime
    return Runtime

# ends: rejected 5:26 IMPORT_NOT_ALLOWED
