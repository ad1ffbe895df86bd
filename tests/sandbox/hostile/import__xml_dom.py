"""A parser with entities."""


def main():
    from xml.dom import minidom

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
