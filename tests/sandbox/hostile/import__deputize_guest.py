"""The guest itself."""


def main():
    import deputize_guest
    return str(deputize_guest)

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
