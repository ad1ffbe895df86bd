"""Names as texts are judged like names."""


def main():
    delattr(main, "__doc__")

# ends: faulted AttributeError: "__doc__" can be read, not set
