"""A property of ours reads private attributes of what it is given."""


def main():
    from deputize.script import Response
    class Fake:
        _text = "mine"
    try:
        return ["reached", Response.text.fget(Fake())]
    except AttributeError as error:
        return type(error).__name__

# ends: returned "AttributeError"
