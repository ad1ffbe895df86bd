"""A parser that opens files."""


def main():
    from xml.etree import ElementTree
    return ElementTree.parse("/etc/passwd")

# ends: faulted TypeError: a script has no files; parse a text with fromstring
