"""The qualified name is text."""


def main():
    return main.__qualname__

# ends: returned "main"
