"""The hook of abstract classes."""


def main():
    return object.__subclasshook__

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED
