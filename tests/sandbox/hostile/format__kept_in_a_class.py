"""A class keeps the method under another name."""


def main():
    class S(str):
        leak = str.format
    return S("{0.__class__}").leak(1)

# ends: faulted TypeError: <method format of str> needs a text
