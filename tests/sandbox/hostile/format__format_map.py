"""The other method."""


def main():
    return "{x.__class__}".format_map({"x": 1})

# ends: faulted ValueError: the field {x.__class__} looks inside a value; use an f-string, or format what is inside
