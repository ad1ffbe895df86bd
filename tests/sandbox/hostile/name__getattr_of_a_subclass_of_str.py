"""Advisory of 7.2: a text that answers otherwise when it is used."""


def main():
    class S(str):
        def startswith(self, *a):
            return False
        def isidentifier(self):
            return True
    return getattr(main, S("__globals__"))

# ends: faulted TypeError: the name of an attribute must be a text, not S
