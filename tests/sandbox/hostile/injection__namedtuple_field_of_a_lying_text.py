"""A text that says it is an identifier."""


def main():
    from collections import namedtuple
    class S(str):
        def isidentifier(self):
            return True
        def __str__(self):
            return self
        def startswith(self, *a):
            return False
    return namedtuple("A", [S("x=().__class__")])

# ends: faulted TypeError: a name of a named tuple must be a text, not S
