"""Functions carry their builtins."""


def main():
    return main.__builtins__

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED
