"""A subclass has the method too."""


def main():
    class S(str):
        pass
    return S("{0.__class__}").format(1)

# ends: faulted ValueError: the field {0.__class__} looks inside a value; use an f-string, or format what is inside
