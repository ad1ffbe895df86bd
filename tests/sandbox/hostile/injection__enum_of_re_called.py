"""The flags of re are an enumeration of Python's own."""


def main():
    import re
    kind = re.I.__class__
    try:
        return ["reached", str(kind("A", {"x": 1}))]
    except TypeError as error:
        return str(error)

# ends: returned "'Kind' object is not callable"
