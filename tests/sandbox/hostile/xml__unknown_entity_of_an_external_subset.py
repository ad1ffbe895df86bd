"""An entity that only another document could declare."""


def main():
    from xml.etree import ElementTree
    return ElementTree.fromstring("<!DOCTYPE a SYSTEM 'http://a/b'><a>&e;</a>").text

# ends: faulted ParseError: a document's own entities are not available
