"""CVE-2026-55830: a positional-only parameter shadows the guard."""


def main():
    def f(_getattr_, /):
        return "{0.__class__}".format(1)
    return f(lambda *a: "stolen")

# ends: faulted ValueError: the field {0.__class__} looks inside a value; use an f-string, or format what is inside
