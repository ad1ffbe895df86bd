"""An import that fails names no file."""


def main():
    try:
        import json
        raise ImportError("x")
    except ImportError as error:
        return [error.path, error.name]

# ends: returned [null, null]
