"""With a name of its own, import-from would look among the real modules."""


def main():
    import json
    return json.__name__

# ends: faulted AttributeError: <module json> has no attribute '__name__'
