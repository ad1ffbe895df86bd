"""A buffer has no descriptor."""


def main():
    from io import StringIO
    from io import UnsupportedOperation
    try:
        StringIO().fileno()
    except UnsupportedOperation as error:
        return str(error)

# ends: returned "fileno"
