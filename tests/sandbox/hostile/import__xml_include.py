"""It opens files."""


def main():
    import xml.etree.ElementInclude

# ends: rejected 5:5 IMPORT_NOT_ALLOWED
