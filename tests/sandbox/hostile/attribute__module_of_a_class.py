"""The name of the module, to be looked up."""


def main():
    return main.__module__

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED
