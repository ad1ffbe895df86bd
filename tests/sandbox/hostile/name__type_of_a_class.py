"""The class of classes."""


def main():
    return type(int)("A", (), {})

# ends: faulted TypeError: 'Kind' object is not callable
