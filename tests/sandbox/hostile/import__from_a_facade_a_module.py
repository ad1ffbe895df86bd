"""Python would look for a missing name among the real modules."""


def main():
    from json import decoder
    return decoder.scanner

# ends: rejected 5:22 IMPORT_NOT_ALLOWED
