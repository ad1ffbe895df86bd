"""A facade is read-only."""


def main():
    import json
    setattr(json, "dumps", print)

# ends: faulted AttributeError: <module json> is read-only
