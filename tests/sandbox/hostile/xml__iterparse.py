"""A parser that opens files."""


def main():
    from xml.etree import ElementTree
    return ElementTree.iterparse("/etc/passwd")

# ends: rejected 6:12 ATTRIBUTE_UNKNOWN
