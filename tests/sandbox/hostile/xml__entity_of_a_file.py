"""An entity that names a file."""


def main():
    from xml.etree import ElementTree
    return ElementTree.fromstring("<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>").text

# ends: faulted ParseError: a document's own entities are not available
