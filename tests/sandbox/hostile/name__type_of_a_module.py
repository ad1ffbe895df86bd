"""Modules can be made and filled."""


def main():
    import json
    return type(json)("x")

# ends: faulted TypeError: 'Kind' object is not callable
