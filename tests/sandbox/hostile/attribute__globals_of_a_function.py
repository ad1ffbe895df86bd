"""The globals of a function of the standard library."""


def main():
    import json
    return json.loads.__globals__["codecs"]

# ends: rejected 6:12 ATTRIBUTE_NOT_ALLOWED
