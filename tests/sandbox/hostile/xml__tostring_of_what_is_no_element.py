"""A writer calls what looks like an element."""


def main():
    from xml.etree import ElementTree
    class Fake:
        tag, text, tail, attrib = "a", "b", None, {}
        def iter(self):
            return [self]
        def items(self):
            return []
        def __iter__(self):
            return iter(())
        def __len__(self):
            return 0
    try:
        return ElementTree.tostring(Fake()).decode()
    except (TypeError, AttributeError) as error:
        return type(error).__name__

# ends: returned "<a>b</a>"
