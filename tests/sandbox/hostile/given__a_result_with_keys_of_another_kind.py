"""The keys of JSON are texts."""


def main():
    return {1: 2}

# ends: faulted TypeError: main returned an int as a key; keys must be texts
