"""A facade is read-only."""


def main():
    import json
    json.dumps = lambda value: "spoilt"

# ends: faulted AttributeError: <module json> is read-only
