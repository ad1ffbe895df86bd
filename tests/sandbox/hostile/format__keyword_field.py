"""By keyword, too."""


def main():
    return "{x.__globals__}".format(x=main)

# ends: faulted ValueError: the field {x.__globals__} looks inside a value; use an f-string, or format what is inside
