"""The hook of subclasses."""


def main():
    return object.__init_subclass__

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED
