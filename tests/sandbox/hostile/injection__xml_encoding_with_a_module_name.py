"""A document says its encoding."""


def main():
    from xml.etree import ElementTree
    try:
        ElementTree.fromstring(b"<?xml version='1.0' encoding='os'?><a/>")
    except (LookupError, ElementTree.ParseError) as error:
        return type(error).__name__

# ends: returned "LookupError"
