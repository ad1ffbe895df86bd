"""The name of an encoding is the name of a module."""


def main():
    try:
        return b"x".decode("os")
    except LookupError as error:
        return str(error)

# ends: returned "unknown encoding: os"
