"""A subclass whose text is one when judged and another when used."""


def main():
    class S(str):
        def __str__(self):
            return "{0.__class__}"
        def __iter__(self):
            return iter("{0.__class__}")
    return S("{}").format(1)

# ends: returned "1"
