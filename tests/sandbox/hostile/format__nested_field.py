"""In the format of a field, too."""


def main():
    return "{0:{1.__class__}}".format(1, 2)

# ends: faulted ValueError: the field {1.__class__} looks inside a value; use an f-string, or format what is inside
