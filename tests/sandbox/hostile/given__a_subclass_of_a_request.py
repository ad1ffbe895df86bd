"""A subclass of a request is read as a request."""


from deputize.script import HttpRequest


class Mine(HttpRequest):
    endpoint = property(lambda self: "platform")


def main(http):
    try:
        http.send(Mine("GET", "/x"))
    except AttributeError as error:
        return type(error).__name__

# ends: returned "AttributeError"
