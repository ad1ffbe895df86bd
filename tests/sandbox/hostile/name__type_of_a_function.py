"""Functions are made of code."""


def main():
    return type(main)(1, {})

# ends: faulted TypeError: 'Kind' object is not callable
