"""All names of an object."""


def main():
    return [].__dir__()

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED
