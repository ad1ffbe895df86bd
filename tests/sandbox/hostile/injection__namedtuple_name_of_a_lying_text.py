"""The name of the class is pasted into code."""


def main():
    from collections import namedtuple
    class S(str):
        def isidentifier(self):
            return True
        def __str__(self):
            return self
    return namedtuple(S("A"), "x")

# ends: faulted TypeError: a name of a named tuple must be a text, not S
