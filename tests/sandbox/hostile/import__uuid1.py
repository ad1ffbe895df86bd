"""The hardware address, in an id."""


def main():
    import uuid
    return str(uuid.uuid1())

# ends: rejected 6:16 ATTRIBUTE_UNKNOWN
