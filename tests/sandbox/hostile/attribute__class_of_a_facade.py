"""The class of a module could make modules."""


def main():
    import json
    kind = json.__class__
    try:
        return ["reached", kind("x")]
    except TypeError as error:
        return str(error)

# ends: returned "'Kind' object is not callable"
