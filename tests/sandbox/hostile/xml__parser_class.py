"""Python's own parser."""


def main():
    from xml.etree.ElementTree import XMLParser

# ends: rejected 5:39 IMPORT_NOT_ALLOWED
