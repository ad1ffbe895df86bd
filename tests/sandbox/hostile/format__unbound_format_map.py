"""The other method of the class."""


def main():
    return str.format_map("{x.__class__}", {"x": 1})

# ends: faulted ValueError: the field {x.__class__} looks inside a value; use an f-string, or format what is inside
