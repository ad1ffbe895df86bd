"""It reads attributes in fields."""


def main():
    import string
    return string.Formatter

# ends: rejected 6:12 ATTRIBUTE_UNKNOWN
