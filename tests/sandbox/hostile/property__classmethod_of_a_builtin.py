"""A classmethod passes the class on."""


def main():
    return classmethod(print).__func__

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED
