"""An unpublished class."""


def main():
    import re
    return re.Scanner

# ends: rejected 6:12 ATTRIBUTE_UNKNOWN
