"""CVE-2026-76825: the class of formatters."""


def main():
    from string import Formatter
    return Formatter().get_field("0.__class__", [1], {})

# ends: rejected 5:24 IMPORT_NOT_ALLOWED
