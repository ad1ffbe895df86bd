"""A facade is read-only."""


def main():
    import json
    del json.dumps

# ends: faulted AttributeError: <module json> is read-only
