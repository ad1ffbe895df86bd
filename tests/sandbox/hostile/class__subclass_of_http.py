"""A subclass of the client has no way to the channel."""


def main():
    from deputize.script import Http
    class Mine(Http):
        def peek(self):
            return self._channel
    try:
        return ["reached", str(Mine(None).peek())]
    except AttributeError as error:
        return str(error)

# ends: returned "'Mine' object has no attribute 'ˍchannel'"
