"""Elements within each other."""


def main():
    from xml.etree import ElementTree
    root = ElementTree.fromstring("<a>" * 20000 + "</a>" * 20000)
    return len(list(root.iter()))

# ends: returned 20000
