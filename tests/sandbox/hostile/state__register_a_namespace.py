"""A table of the writer is the run's own."""


def main():
    from xml.etree import ElementTree
    ElementTree.register_namespace("p", "urn:x")
    return ElementTree.tostring(ElementTree.Element("{urn:x}a")).decode()

# ends: returned "<p:a xmlns:p=\"urn:x\" />"
