"""A field of a format reads items."""


def main():
    return "{0[a]}".format({"a": 1})

# ends: faulted ValueError: the field {0[a]} looks inside a value; use an f-string, or format what is inside
