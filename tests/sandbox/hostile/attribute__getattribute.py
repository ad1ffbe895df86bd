"""The look-up itself as a method."""


def main():
    return "".__getattribute__("__class__")

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED
