"""A subclass reaches it through super."""


def main():
    class S(str):
        def leak(self):
            return super().format(1)
    return S("{0.__class__}").leak()

# ends: faulted ValueError: the field {0.__class__} looks inside a value; use an f-string, or format what is inside
