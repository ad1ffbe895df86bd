"""A subclass of a view has no way to what is viewed."""


def main():
    from deputize.script import Response
    class Mine(Response):
        def peek(self):
            return self._text
    try:
        return ["reached", Mine({"text": 1}).peek()]
    except KeyError as error:
        return str(error)

# ends: returned "'status_code'"
