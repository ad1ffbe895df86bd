"""CVE-2026-76825: the class of formatters, by a text."""


def main():
    import string
    return getattr(string, "Formatter")

# ends: faulted AttributeError: <module string> has no attribute 'Formatter'
