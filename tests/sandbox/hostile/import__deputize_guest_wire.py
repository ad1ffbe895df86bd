"""The connection of the guest."""


def main():
    import deputize_guest.wire
    return str(deputize_guest)

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
