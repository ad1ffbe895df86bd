"""A private name of the script is another than the object's own."""


def main():
    from deputize.script import Http
    h = Http(None)
    try:
        h._channel = 1
    except AttributeError:
        return "held"
    return "reached"

# ends: returned "held"
