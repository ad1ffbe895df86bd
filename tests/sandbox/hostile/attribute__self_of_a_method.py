"""A bound method carries its object."""


def main():
    return "".join.__self__.__class__

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED
