"""The hook stands among the globals of every library under a name that is none."""


def main():
    import json
    return getattr(json, "<attribute>", "held")

# ends: returned "held"
