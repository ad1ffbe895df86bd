"""Python would look for a missing name among the real modules."""


def main():
    from xml.etree import ElementInclude
    return ElementInclude

# ends: rejected 5:27 IMPORT_NOT_ALLOWED
