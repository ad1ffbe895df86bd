"""The client is no result."""


def main(http):
    return {"http": http}

# ends: faulted TypeError: main returned a Http at ['http']; values must be JSON-able
