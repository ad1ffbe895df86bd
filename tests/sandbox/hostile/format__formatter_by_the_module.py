"""CVE-2026-76825: the class of formatters, by its module."""


def main():
    import string
    return string.Formatter().vformat("{0.__class__}", [1], {})

# ends: rejected 6:12 ATTRIBUTE_UNKNOWN
