"""The class of a function is no class that could be called."""


def main():
    kind = main.__class__
    try:
        return ["reached", kind(1)]
    except TypeError as error:
        return str(error)

# ends: returned "'Kind' object is not callable"
