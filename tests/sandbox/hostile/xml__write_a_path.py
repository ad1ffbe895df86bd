"""A writer that opens files."""


def main():
    from xml.etree import ElementTree
    ElementTree.ElementTree(ElementTree.Element("a")).write("/tmp/x")

# ends: faulted AttributeError: 'str' object has no attribute 'write'. Did you mean "title"?
