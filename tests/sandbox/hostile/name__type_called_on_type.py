"""The class of the function."""


def main():
    return type(type)("A", (), {})

# ends: faulted TypeError: 'Kind' object is not callable
