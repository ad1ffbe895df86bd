"""The operator reads items of a mapping, no attributes."""


def main():
    return "%(a)s" % {"a": 1}

# ends: returned "1"
