"""The hardware address."""


def main():
    import uuid
    return uuid.getnode()

# ends: rejected 6:12 ATTRIBUTE_UNKNOWN
