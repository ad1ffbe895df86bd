"""A document type elsewhere is not fetched."""


def main():
    from xml.etree import ElementTree
    return ElementTree.fromstring("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a>x</a>").text

# ends: returned "x"
